import sharp from 'sharp';
import type { MadeVideo } from '../../worker/media/make_video.ts';
import { decodeSound, probe } from '../support/media.ts';

/** Encoders pad, and clocks differ. */
const lengthSeconds = 0.1;
const levelDb = 1;
/** The same sound after AAC is above it by far. */
const leastCorrelation = 0.9;
const inaudible = 1e-4;
/** In Hz: enough to know sound again. */
const rate = 8_000;
/** Decoders count an encoder's run-up differently. */
const mostShift = 0.06 * rate;
const compared = 10 * rate;

/**
 * Holds the sound of a video against ffmpeg's plain decoding of the file that it was made of, which goes none of
 * our ways: no plan, no pieces, no mending. Undefined where they are the same.
 */
export async function judgeSound(path: string, videoPath: string): Promise<string | undefined> {
  const channels = await probe(path).then(
    ({ probed }) => probed.streams.find((one) => one.codec_type === 'audio')?.channels,
    () => undefined,
  );
  const wanted = channels && (await mono(path, Number(channels)).catch(() => undefined));
  if (!wanted || wanted.length === 0) return 'the judge cannot decode the file';
  const made = await mono(videoPath, 2);
  const seconds = (made.length - wanted.length) / rate;
  if (Math.abs(seconds) > lengthSeconds) return `sound too ${seconds < 0 ? 'short' : 'long'}`;
  const [is, should] = [strength(made), strength(wanted)];
  if (should < inaudible) return is < 10 * inaudible ? undefined : 'sound where silence is';
  const decibels = 20 * Math.log10(is / should);
  // How loud a downmix is, is a matter of taste.
  if (Number(channels) <= 2 && Math.abs(decibels) > levelDb)
    return `sound too ${decibels < 0 ? 'quiet' : 'loud'}`;
  return likeness(wanted, made) < leastCorrelation ? 'another sound' : undefined;
}

/** Holds the size of a video against the picture's, as its header has it. Undefined where their shapes agree. */
export async function judgePicture(
  path: string,
  { width, height }: Pick<MadeVideo, 'width' | 'height'>,
): Promise<string | undefined> {
  const given = await sharp(path).metadata();
  const lies = (given.orientation ?? 1) >= 5;
  const [across, down] = lies ? [given.height, given.width] : [given.width, given.height];
  // Sides are even, so that each may be off by one and a half.
  const off = Math.abs(width * down - height * across);
  return off > 1.5 * (across + down) ? 'another shape' : undefined;
}

function mono(path: string, channels: number): Promise<Float32Array> {
  const mixed = channels > 2 ? ['aformat=sample_fmts=fltp:channel_layouts=stereo'] : [];
  const both = channels > 1 ? ['pan=mono|c0=0.5*c0+0.5*c1'] : [];
  const filters = ['aformat=sample_fmts=fltp', ...mixed, ...both, `aresample=${rate}`];
  return decodeSound(path, [], ['-af', filters.join()]);
}

function strength(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
}

/** The best correlation of the sounds' loud beginnings, whatever the shift. */
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
