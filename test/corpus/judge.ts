import sharp from 'sharp';
import type { MadeVideo } from '../../worker/media/make_video.ts';
import { decode, soundOf, type Wanted } from '../support/decode.ts';
import { probe } from '../support/media.ts';

/** The tolerance in seconds: encoders pad, and clocks differ. */
const lengthSeconds = 0.1;
const levelDb = 1;
/** The least correlation; the same sound after AAC is far above it. */
const leastCorrelation = 0.9;
const inaudible = 1e-4;
/** In Hz: enough to recognize a sound. */
const rate = 8_000;
/** The largest shift in seconds: decoders count an encoder's priming differently. */
const mostShift = 0.06 * rate;
const compared = 10 * rate;

/**
 * Compares the sound of a video with ffmpeg's plain decoding of its source, which shares none of
 * our steps: no plan, no pieces, no repairs. Undefined where they agree.
 */
export async function judgeSound(path: string, videoPath: string): Promise<string | undefined> {
  const channels = await probe(path).then(
    ({ probed }) => probed.streams.find((one) => one.codec_type === 'audio')?.channels,
    () => undefined,
  );
  const wanted = channels ? soundAsMono(path, Number(channels)) : undefined;
  const video = soundAsMono(videoPath, 2);
  const both = wanted && (await decode(wanted, video).catch(() => undefined));
  // Where that fails, it has to be known which of them is at fault.
  const given = both?.[0] ?? (wanted && (await decode(wanted).catch(() => [undefined]))[0]);
  if (!given || given.length === 0) return 'the judge cannot decode the file';
  const made = both?.[1] ?? (await decode(video))[0];
  const seconds = (made.length - given.length) / rate;
  if (Math.abs(seconds) > lengthSeconds) return `sound too ${seconds < 0 ? 'short' : 'long'}`;
  const [is, should] = [strength(made), strength(given)];
  if (should < inaudible) return is < 10 * inaudible ? undefined : 'sound where silence is';
  const decibels = 20 * Math.log10(is / should);
  // The level of a downmix is a matter of taste.
  if (Number(channels) <= 2 && Math.abs(decibels) > levelDb)
    return `sound too ${decibels < 0 ? 'quiet' : 'loud'}`;
  return likeness(given, made) < leastCorrelation ? 'another sound' : undefined;
}

/** Compares the size of a video with the picture's, read from its header. Undefined where their shapes agree. */
export async function judgePicture(
  path: string,
  { width, height }: Pick<MadeVideo, 'width' | 'height'>,
): Promise<string | undefined> {
  const given = await sharp(path).metadata();
  const lies = (given.orientation ?? 1) >= 5;
  const [across, down] = lies ? [given.height, given.width] : [given.width, given.height];
  // Sides are even, so each may be off by one and a half.
  const off = Math.abs(width * down - height * across);
  return off > 1.5 * (across + down) ? 'another shape' : undefined;
}

function soundAsMono(path: string, channels: number): Wanted<Float32Array> {
  const mixed = channels > 2 ? ['aformat=sample_fmts=fltp:channel_layouts=stereo'] : [];
  const both = channels > 1 ? ['pan=mono|c0=0.5*c0+0.5*c1'] : [];
  const filters = ['aformat=sample_fmts=fltp', ...mixed, ...both, `aresample=${rate}`];
  return soundOf(path, ['-af', filters.join()]);
}

function strength(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
}

/** The best correlation of the sounds' loud beginnings over all shifts. */
function likeness(a: Float32Array, b: Float32Array): number {
  const begins = a.findIndex((one) => Math.abs(one) > inaudible);
  const from = Math.max(0, begins) + mostShift;
  const to = Math.min(from + compared, a.length, b.length) - mostShift;
  if (to - from < mostShift) return 1;
  let best = 0;
  for (let shift = -mostShift; shift <= mostShift; shift++) {
    let [product, own, other] = [0, 0, 0];
    for (let i = from; i < to; i++) {
      const [x, y] = [a[i] as number, b[i + shift] as number];
      product += x * y;
      own += x * x;
      other += y * y;
    }
    best = Math.max(best, product / Math.sqrt(own * other || 1));
  }
  return best;
}
