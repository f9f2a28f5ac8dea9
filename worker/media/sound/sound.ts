import { packetSamples } from '../codec/aac.ts';
import { MediaError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import { together } from '../together.ts';
import type { AudioFile } from './decoders.ts';
import { type Encoded, type Encoding, encodePiece } from './encode_piece.ts';
import { heardInAll } from './listen.ts';
import type { Piece } from './piece.ts';
import type { AudioFacts } from './probe.ts';
import { stitch } from './stitch.ts';

/** Shorter audio is encoded before a second process gets going. */
const worthCuttingSeconds = 120;
/** The cost of decoding relative to decoding and encoding: a later piece must decode everything before it. */
const decodingShare = 0.05;
/**
 * Packets that an encoder gets before its piece, to settle, and after its end. Its rate control adapts
 * slowly: on a pure tone it is as good as one that came from the start after 1,600 (800: 8 dB worse).
 */
const runUp = 1_600;
const runOut = 16;
/** If the pieces miss the length that the headers promise by more than this, the headers are not trusted. */
const trustedSeconds = 0.25;

/**
 * Encodes the decoded audio as stereo AAC-LC, long audio in as many pieces at once as there are threads.
 * Throws MediaError when it cannot be decoded, contains no sound, or is too long.
 */
export async function encodeAudio(
  machine: Machine,
  source: AudioFile,
  facts: AudioFacts,
  encoding: Encoding,
  onProgress: (fraction: number) => void,
): Promise<Encoded> {
  const end = Math.ceil(((machine.maxAudioSeconds + 1) * encoding.sampleRate) / packetSamples);
  const encode: Encode = (signal, piece, onSeconds) =>
    encodePiece({ ...machine, signal }, source, facts, encoding, piece, onSeconds);
  const count = facts.seconds >= worthCuttingSeconds ? machine.threads : 1;
  const times = { seconds: facts.seconds, sampleRate: encoding.sampleRate };
  const pieced =
    count > 1
      ? await encodePieces(machine.signal, encode, times, count, end, onProgress)
      : undefined;
  const encoded =
    pieced ??
    (await encode(machine.signal, { from: 0, to: end }, (done) =>
      onProgress(done / facts.seconds),
    ));
  if (!encoded) throw new MediaError('The audio file holds no sound. Upload another one.');
  const { audio } = encoded;
  // To the sample, not to the packet.
  const heard = Math.round((facts.endsAt ?? Infinity) * audio.sampleRate);
  return { ...encoded, audio: { ...audio, samples: Math.min(audio.samples, heard) } };
}

type Encode = (
  signal: AbortSignal,
  piece: Piece,
  onSeconds: (seconds: number) => void,
) => Promise<Encoded | undefined>;

/** Seconds of the source, and samples of the output in each. */
type Times = { seconds: number; sampleRate: number };

async function encodePieces(
  signal: AbortSignal,
  encode: Encode,
  times: Times,
  count: number,
  end: number,
  onProgress: (fraction: number) => void,
): Promise<Encoded | undefined> {
  const packets = (times.seconds * times.sampleRate) / packetSamples;
  const seams = cutEvenly(packets, count);
  const pieces = [0, ...seams].map((from, i): Piece => {
    const to = seams[i];
    return { from: Math.max(0, from - runUp), to: to === undefined ? end : to + runOut };
  });
  const done = pieces.map(() => 0);
  const encoded = await together(
    signal,
    ...pieces.map((piece, i) => async (any: AbortSignal) => {
      const one = await encode(any, piece, (seconds) => {
        done[i] = seconds;
        onProgress(shareDone(pieces, done, times));
      });
      return one && { piece, ...one };
    }),
  );
  const all = encoded.filter((one) => one !== undefined);
  const audio = all.length === pieces.length ? await stitch(all, seams) : undefined;
  const seconds = audio ? audio.samples / audio.sampleRate : 0;
  if (!audio || Math.abs(seconds - times.seconds) >= trustedSeconds) return undefined;
  return {
    audio,
    heard: heardInAll(all.map(({ heard }) => heard)),
    // Each piece was decoded from the start, the last one to the end.
    faults: Math.max(...all.map(({ faults }) => faults)),
  };
}

/** Where to cut so that all pieces finish at the same time, although each but the first has a run-up. */
export function cutEvenly(packets: number, count: number): number[] {
  const kept = 1 - decodingShare;
  /** The work of a number of packets in as many pieces, each smaller by what it must decode before. */
  const shrinking = (pieces: number) => (1 - kept ** pieces) / decodingShare;
  const work = (packets + runUp * kept * shrinking(count - 1)) / shrinking(count);
  return Array.from({ length: count - 1 }, (_, i) =>
    Math.round(work * shrinking(i + 1) - runUp * kept * shrinking(i)),
  );
}

/**
 * The share of the time that has gone: that of the piece that is furthest behind, because all must end, and cores
 * differ in speed. A later piece reports nothing while it decodes what comes before it; meanwhile it is assumed to
 * be as far as the first.
 *
 * @param done seconds that each has produced
 */
export function shareDone(
  pieces: Pick<Piece, 'from' | 'to'>[],
  done: number[],
  times: Times,
): number {
  const seconds = (packets: number) =>
    Math.min((packets * packetSamples) / times.sampleRate, times.seconds);
  let first = 0;
  const shares = pieces.map(({ from, to }, i) => {
    const before = decodingShare * seconds(from);
    const whole = before + seconds(to) - seconds(from);
    const silent = i > 0 && done[i] === 0;
    const share = silent ? Math.min(first, before / whole) : (before + (done[i] ?? 0)) / whole;
    if (i === 0) first = share;
    return share;
  });
  return Math.min(1, ...shares);
}
