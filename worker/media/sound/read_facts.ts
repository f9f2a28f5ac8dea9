import { packetSamples } from '../codec/aac.ts';
import { readMp3Sound } from './mp3_frames.ts';
import type { OpenedAudio } from './open_audio.ts';
import { type AudioFacts, heardSeconds } from './probe.ts';
import { readWav, type Wav } from './wav.ts';

/**
 * The facts of a simple file, as `probeAudio` would tell them after starting a process. Undefined for every
 * other: nothing is concluded here from what is damaged, unusual or ambiguous. The file can still lie about what its
 * packets hold, so whoever decodes it compares (`isConfirmed`).
 */
export async function readFacts(source: OpenedAudio): Promise<AudioFacts | undefined> {
  const facts = await factsOf(source);
  return facts && facts.seconds > 0 && facts.seconds <= mostSeconds
    ? { ...facts, warnings: source.warnings }
    : undefined;
}

function factsOf(source: OpenedAudio): Facts | undefined | Promise<Facts | undefined> {
  if (source.type === 'audio/wav') return readWav(source.path).then(factsOfWav);
  if (source.type === 'audio/mpeg') return factsOfMp3(source.path);
  if (source.type === 'audio/mp4') return factsOfMp4(source);
  return undefined;
}

/** Of longer files, a process that tells more surely is a small part of the work. */
const mostSeconds = 600;
/** What a decoder leaves out at the ends, at most. */
const trimmedSeconds = 0.2;

/** Whether decoding found what the file's headers say. */
export function isConfirmed(
  { channels, sampleRate, seconds }: AudioFacts,
  forms: { channels: number; sampleRate: number }[],
  decodedSeconds: number,
): boolean {
  const first = forms[0];
  const isSame = first?.channels === channels && first.sampleRate === sampleRate;
  return isSame && Math.abs(decodedSeconds - seconds) <= trimmedSeconds;
}

type Facts = Omit<AudioFacts, 'warnings'>;

/** In microseconds, as ffmpeg counts them. */
const toMicroseconds = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

const pcm: Record<string, string | undefined> = {
  ...{ '1 8': 'pcm_u8', '1 16': 'pcm_s16le', '1 24': 'pcm_s24le', '1 32': 'pcm_s32le' },
  ...{ '3 32': 'pcm_f32le', '3 64': 'pcm_f64le' },
};
/** WAVE_FORMAT_EXTENSIBLE: which loudspeakers the channels are for, and the true tag as the start of an id. */
const extensible = 0xfffe;
const extensibleBytes = 40;
const idTail = '000000001000800000aa00389b71';
/** The middle alone, or left and right. */
const loudspeakers: Record<number, number> = { 1: 4, 2: 3 };

/** Plain PCM in mono or stereo, whole. */
function factsOfWav(wav: Wav | undefined): Facts | undefined {
  if (!wav || wav.cut || wav.unpadded || wav.format.length < 16) return undefined;
  const { format, data } = wav;
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const [blockBytes, bits] = [format.readUInt16LE(12), format.readUInt16LE(14)];
  const named = format.readUInt16LE(0) === extensible;
  if (named && !namesChannels(format, channels)) return undefined;
  const codec = pcm[`${format.readUInt16LE(named ? 24 : 0)} ${bits}`];
  if (!codec || channels < 1 || channels > 2 || sampleRate === 0) return undefined;
  if (blockBytes !== (channels * bits) / 8) return undefined;
  if (data.bytes !== data.promised || data.bytes % blockBytes > 0) return undefined;
  const seconds = toMicroseconds(data.bytes / blockBytes / sampleRate);
  return { codec, sampleRate, channels, named, seconds };
}

const namesChannels = (format: Buffer, channels: number): boolean =>
  format.length === extensibleBytes &&
  format.readUInt32LE(20) === loudspeakers[channels] &&
  format.toString('hex', 26) === idTail;

async function factsOfMp3(path: string): Promise<Facts | undefined> {
  const sound = await readMp3Sound(path);
  if (!sound) return undefined;
  const { sampleRate, channels, samples, priming } = sound;
  const seconds = toMicroseconds(samples / sampleRate) - toMicroseconds(priming / sampleRate);
  return { codec: 'mp3', sampleRate, channels, named: true, seconds: toMicroseconds(seconds) };
}

/** At half of a usual rate, packets may hide the upper half of the sound (HE-AAC), which only a decoder finds. */
const leastRate = 32_000;

/** AAC-LC in mono or stereo, with nothing beside it. */
function factsOfMp4(source: OpenedAudio): Facts | undefined {
  const { audio, onlySound } = source.index ?? {};
  if (!audio || !onlySound || audio.channels > 2 || audio.sampleRate < leastRate) return undefined;
  const { sampleRate, channels, sizes, priming } = audio;
  const decoded = toMicroseconds((sizes.length * packetSamples - priming) / sampleRate);
  return { codec: 'aac', sampleRate, channels, named: true, ...heardSeconds(source, decoded) };
}
