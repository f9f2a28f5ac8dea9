import { seeded } from './random.ts';

export type WavKind = {
  channels?: number;
  rate?: number;
  /** 16-bit integers, or 32-bit floats. */
  samples?: 'int' | 'float';
  /** Which loudspeakers the channels are for (WAVE_FORMAT_EXTENSIBLE); else they have no names. */
  loudspeakers?: number;
  /** Stands before the sound, as it is. */
  chunks?: Buffer;
};

/** Left, right, middle, subwoofer, and the two behind. */
export const surround = { channels: 6, loudspeakers: 0x3f };

/** The number of PCM and of floating point, as in the GUID of WAVE_FORMAT_EXTENSIBLE. */
const formats = { int: 1, float: 3 };
const extensible = 0xfffe;
const guidTail = '000000001000800000aa00389b71';

/** A WAV file byte by byte; of silence without samples. */
export function wav(
  { channels = 1, rate = 44_100, samples = 'int', loudspeakers, chunks }: WavKind,
  frames: number,
  sample?: (frame: number, channel: number) => number,
): Buffer {
  const bytes = samples === 'int' ? 2 : 4;
  const count = frames * channels;
  const data = samples === 'int' ? new Int16Array(count) : new Float32Array(count);
  const scaled = (value: number) => (samples === 'int' ? Math.round(32_767 * value) : value);
  for (let frame = 0; sample && frame < frames; frame++)
    for (let channel = 0; channel < channels; channel++)
      data[frame * channels + channel] = scaled(sample(frame, channel));
  const format = Buffer.alloc(loudspeakers === undefined ? 16 : 40);
  format.writeUInt16LE(loudspeakers === undefined ? formats[samples] : extensible, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * channels * bytes, 8);
  format.writeUInt16LE(channels * bytes, 12);
  format.writeUInt16LE(8 * bytes, 14);
  if (loudspeakers !== undefined) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(8 * bytes, 18);
    format.writeUInt32LE(loudspeakers, 20);
    format.writeUInt16LE(formats[samples], 24);
    format.write(guidTail, 26, 'hex');
  }
  const parts = [
    Buffer.from('WAVE'),
    ...chunk('fmt ', format),
    ...(chunks ? [chunks] : []),
    ...chunk('data', Buffer.from(data.buffer)),
  ];
  return Buffer.concat(chunk('RIFF', Buffer.concat(parts)));
}

function chunk(type: string, body: Buffer): Buffer[] {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return [Buffer.from(type), size, body];
}

/** A mono WAV of a quiet tone: for tests that any sound will do. */
export const toneWav = (seconds: number, kind: WavKind = {}): Buffer =>
  wav(kind, Math.round(seconds * (kind.rate ?? 44_100)), (i) => 0.125 * Math.sin(i / 16));

/** A mono WAV of silence, which is the quickest to encode: for tests that look at the picture. */
export const silentWav = (seconds: number, rate = 48_000): Buffer =>
  wav({ rate }, Math.round(seconds * rate));

/** A mono WAV of white noise, the same each second. */
export function noiseWav(seconds: number): Buffer {
  const rate = 48_000;
  const { between } = seeded(1);
  const second = Float32Array.from({ length: rate }, () => between(-0.5, 0.5));
  return wav({ rate }, Math.round(seconds * rate), (i) => second[i % rate] as number);
}
