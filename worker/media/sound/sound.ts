import { PACKET_SAMPLES } from '../codec/aac.ts';
import { MediaError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import { type AacAudio, readAacAudio } from '../mp4/read.ts';
import type { SoundPlan } from '../recipe.ts';
import { together } from '../together.ts';
import type { AudioFile } from './decoders.ts';
import { type Encoding, encodePiece } from './encode_piece.ts';
import { measureAudio } from './measure.ts';
import type { Piece } from './piece.ts';
import type { AudioFacts } from './probe.ts';
import { stitch } from './stitch.ts';
import { toStereo } from './to_stereo.ts';

/** Shorter audio is encoded before a second process has found its stride. */
const WORTH_CUTTING_SECONDS = 30;
/** What decoding costs of decoding and encoding: a later piece has to decode all that is before it. */
const DECODING_SHARE = 0.06;
/** Packets that an encoder gets before its piece begins, to find its stride, and after it ends. */
const RUN_UP = 400;
const RUN_OUT = 16;
/** How far pieces may miss the length that the headers promise before the cutting is not believed. */
const TRUSTED_SECONDS = 0.25;

/** The file's own packets, when they are what the video needs: AAC-LC, stereo, 44.1 or 48 kHz. */
export async function copyAudio(
  source: AudioFile,
  signal: AbortSignal,
): Promise<AacAudio | undefined> {
  if (source.type !== 'audio/mp4') return undefined;
  const audio = await readAacAudio(source.path, signal);
  if (audio?.channels !== 2 || ![44_100, 48_000].includes(audio.sampleRate)) return undefined;
  return audio;
}

/**
 * Encodes the decoded audio as stereo AAC-LC, long audio in as many pieces at once as there are threads.
 * Throws MediaError when it cannot be decoded, holds no sound, or is too long.
 */
export async function encodeAudio(
  machine: Machine,
  source: AudioFile,
  facts: AudioFacts,
  plan: SoundPlan,
  onProgress: (fraction: number) => void,
): Promise<AacAudio> {
  const encoding = await planEncoding(machine, source, facts, plan);
  const end = Math.ceil(((machine.maxAudioSeconds + 1) * encoding.sampleRate) / PACKET_SAMPLES);
  const encode = (signal: AbortSignal, piece: Piece, onSeconds: (seconds: number) => void) =>
    encodePiece({ ...machine, signal }, source, facts, encoding, piece, onSeconds);
  const count = facts.seconds >= WORTH_CUTTING_SECONDS ? machine.threads : 1;
  const times = { seconds: facts.seconds, sampleRate: encoding.sampleRate };
  const pieced =
    count > 1
      ? await encodePieces(machine.signal, encode, times, count, end, onProgress)
      : undefined;
  const audio =
    pieced ??
    (await encode(machine.signal, { from: 0, to: end }, (done) =>
      onProgress(done / facts.seconds),
    ));
  if (!audio) throw new MediaError('The audio file holds no sound. Upload another one.');
  // To the sample, and not to the packet.
  const heard = Math.round((facts.endsAt ?? Infinity) * audio.sampleRate);
  return { ...audio, samples: Math.min(audio.samples, heard) };
}

/** Measures first what cannot be known else. */
async function planEncoding(
  machine: Machine,
  source: AudioFile,
  facts: AudioFacts,
  plan: SoundPlan,
): Promise<Encoding> {
  const sampleRate = plan.sampleRate ?? suitableRate(facts.sampleRate);
  const bitRate = facts.channels === 1 ? plan.monoBitRate : plan.stereoBitRate;
  const through = (gain?: number) => [...toStereo(facts, gain), `aresample=${sampleRate}:osf=fltp`];
  const isFloat = facts.codec.startsWith('pcm_f');
  if (facts.channels <= 2 && !isFloat) return { filters: through(), sampleRate, bitRate };
  const measured = await measureAudio(machine, source, facts.seconds, through(), {
    loudness: false,
  });
  if (measured.notNumbers > 0) facts.warnings.push(NOT_NUMBERS(measured.notNumbers));
  // A downmix is as loud as its channels together, and made quieter by no more than its loudest sample asks for.
  const gain = Math.min(1, DOWNMIX_PEAK / Math.max(measured.peak, 1e-6));
  return { filters: through(gain), sampleRate, bitRate };
}

/** What an encoder adds to a peak does not clip. */
const DOWNMIX_PEAK = 0.95;

const NOT_NUMBERS = (count: number) =>
  `${count} samples of the audio file are no numbers (NaN or infinite): they are silent.`;

/** The one of the two rates that the source divides or multiplies well to. */
const suitableRate = (sampleRate: number) => (sampleRate % 11_025 === 0 ? 44_100 : 48_000);

/** Seconds of the source, and samples of the output in each. */
type Times = { seconds: number; sampleRate: number };

async function encodePieces(
  signal: AbortSignal,
  encode: (
    signal: AbortSignal,
    piece: Piece,
    onSeconds: (seconds: number) => void,
  ) => Promise<AacAudio | undefined>,
  times: Times,
  count: number,
  end: number,
  onProgress: (fraction: number) => void,
): Promise<AacAudio | undefined> {
  const packets = (times.seconds * times.sampleRate) / PACKET_SAMPLES;
  const seams = cutEvenly(packets, count);
  const pieces = [0, ...seams].map((from, i): Piece => {
    const to = seams[i];
    return { from: Math.max(0, from - RUN_UP), to: to === undefined ? end : to + RUN_OUT };
  });
  const done = pieces.map(() => 0);
  const encoded = await together(
    signal,
    ...pieces.map((piece, i) => async (any: AbortSignal) => {
      const audio = await encode(any, piece, (seconds) => {
        done[i] = seconds;
        onProgress(shareDone(pieces, done, times));
      });
      return audio && { piece, audio };
    }),
  );
  const all = encoded.filter((one) => one !== undefined);
  const audio = all.length === pieces.length ? await stitch(all, seams) : undefined;
  const seconds = audio ? audio.samples / audio.sampleRate : 0;
  return Math.abs(seconds - times.seconds) < TRUSTED_SECONDS ? audio : undefined;
}

/** Where to cut so that all pieces are ready at the same time. */
export function cutEvenly(packets: number, count: number): number[] {
  const kept = 1 - DECODING_SHARE;
  return Array.from({ length: count - 1 }, (_, i) =>
    Math.round((packets * (1 - kept ** (i + 1))) / (1 - kept ** count)),
  );
}

/**
 * The share of the work that is done. A later piece says nothing while it decodes what is before it:
 * meanwhile it is taken to be as far as the first.
 *
 * @param done seconds that have come out of each
 */
export function shareDone(
  pieces: Pick<Piece, 'from' | 'to'>[],
  done: number[],
  times: Times,
): number {
  const seconds = (packets: number) =>
    Math.min((packets * PACKET_SAMPLES) / times.sampleRate, times.seconds);
  let first = 0;
  const shares = pieces.map(({ from, to }, i) => {
    const before = DECODING_SHARE * seconds(from);
    const whole = before + seconds(to) - seconds(from);
    const silent = i > 0 && done[i] === 0;
    const share = silent ? Math.min(first, before / whole) : (before + (done[i] ?? 0)) / whole;
    if (i === 0) first = share;
    return { share: Math.min(1, share), whole };
  });
  const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);
  return sum(shares.map(({ share, whole }) => share * whole)) / sum(shares.map((s) => s.whole));
}
