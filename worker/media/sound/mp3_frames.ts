import { type FileHandle, open } from 'node:fs/promises';
import { id3Bytes, mp3FrameBytes } from '../../../src/media_type.ts';

export type Mp3Sound = {
  sampleRate: number;
  channels: number;
  /** Of all frames, and how many of them are run-up by what the encoder says. */
  samples: number;
  priming: number;
};

const chunkBytes = 256 * 1024;
/** Of a frame: 320 kbit/s at 32 kHz, and more at the low rates of MPEG 2.5. */
const mostFrameBytes = 2_881;
const id3v1Bytes = 128;
const mostTagBytes = 64 * 1024;
/** Pictures and chapters in a tag. */
const moreThanSound = /APIC|PIC|CHAP/;

/**
 * Walks from frame to frame. Undefined unless all of the file is frames of one kind of MPEG Layer III, each where
 * the one before it ends, with simple tags at most before and behind them.
 */
export async function readMp3Sound(path: string): Promise<Mp3Sound | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const bytesAt = readerOf(file);
    const tagBytes = id3Bytes(await bytesAt(0, 10));
    if (tagBytes > mostTagBytes) return undefined;
    if (moreThanSound.test((await bytesAt(0, tagBytes)).toString('latin1'))) return undefined;
    const first = await bytesAt(tagBytes, mostFrameBytes);
    const walk = await walkFrames(bytesAt, first, tagBytes, size);
    const isTag = walk.end === size - id3v1Bytes && `${await bytesAt(walk.end, 3)}` === 'TAG';
    return walk.end === size || isTag ? soundOf(first, walk) : undefined;
  } finally {
    await file.close();
  }
}

type BytesAt = (at: number, length: number) => Promise<Buffer>;

/** Reads ahead. */
function readerOf(file: FileHandle): BytesAt {
  let [chunk, chunkAt] = [Buffer.alloc(0), 0];
  return async (at, length) => {
    if (at < chunkAt || at + length > chunkAt + chunk.length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, at);
      [chunk, chunkAt] = [buffer.subarray(0, bytesRead), at];
    }
    return chunk.subarray(at - chunkAt, at - chunkAt + length);
  };
}

type Walk = { frames: number; end: number; isConstant: boolean };

async function walkFrames(bytesAt: BytesAt, first: Buffer, from: number, size: number) {
  const walk: Walk = { frames: 0, end: from, isConstant: true };
  while (walk.end < size) {
    const head = await bytesAt(walk.end, 4);
    const length = mp3FrameBytes(head, 0);
    if (length === 0 || !isSameKind(head, first)) break;
    walk.frames++;
    walk.end += length;
    walk.isConstant &&= bitRateOf(head) === bitRateOf(first);
  }
  return walk;
}

function soundOf(first: Buffer, { frames, isConstant }: Walk): Mp3Sound | undefined {
  const kind = kindOf(first);
  const index = kind && indexIn(first, kind);
  if (!kind || index === 'unclear') return undefined;
  const { sampleRate, channels, frameSamples } = kind;
  const sound = { sampleRate, channels, samples: frames * frameSamples, priming: 0 };
  // The length that such files promise is a guess.
  if (!index) return isConstant ? sound : undefined;
  if (index.frames !== frames - 1) return undefined;
  return { ...sound, samples: index.frames * frameSamples, priming: index.priming };
}

type Kind = { isMpeg1: boolean; sampleRate: number; channels: number; frameSamples: number };

const sampleRates = [44_100, 48_000, 32_000];

function kindOf(frame: Buffer): Kind | undefined {
  if (mp3FrameBytes(frame, 0) === 0) return undefined;
  const header = frame.readUInt32BE(0);
  const version = (header >>> 19) & 3;
  const isMpeg1 = version === 3;
  const sampleRate =
    (sampleRates[(header >>> 10) & 3] ?? 0) / (isMpeg1 ? 1 : version === 2 ? 2 : 4);
  return {
    ...{ isMpeg1, sampleRate },
    channels: isMono(header) ? 1 : 2,
    frameSamples: isMpeg1 ? 1_152 : 576,
  };
}

const bitRateOf = (frame: Buffer): number => (frame[2] ?? 0) >> 4;

const isMono = (header: number): boolean => ((header >>> 6) & 3) === 3;

/** Sync word, version, layer and rate, and the number of channels. */
function isSameKind(frame: Buffer, other: Buffer): boolean {
  const [one, two] = [frame.readUInt32BE(0), other.readUInt32BE(0)];
  return (one & 0xfffe0c00) === (two & 0xfffe0c00) && isMono(one) === isMono(two);
}

/** What the decoder adds to the encoder's own run-up. */
const decoderDelay = 528 + 1;

/**
 * The first frame is none of the sound when it holds an index ("Xing", "Info"), which may also tell the encoder's run-up.
 * Undefined when there is no index.
 */
function indexIn(frame: Buffer, { isMpeg1, channels }: Kind) {
  const side = channels === 1 ? (isMpeg1 ? 17 : 9) : isMpeg1 ? 32 : 17;
  const at = 4 + side;
  if (frame.toString('latin1', 36, 40) === 'VBRI') return 'unclear';
  if (!/^(Xing|Info)$/.test(frame.toString('latin1', at, at + 4))) return undefined;
  if (frame.length < at + 160) return 'unclear';
  const flags = frame.readUInt32BE(at + 4);
  if ((flags & 1) === 0) return 'unclear';
  const frames = frame.readUInt32BE(at + 8);
  const optional = (flag: number, bytes: number) => (flags & flag ? bytes : 0);
  const behind = at + 8 + 4 + optional(2, 4) + optional(4, 100) + optional(8, 4);
  const isByKnown = /^(LAME|Lavf|Lavc)$/.test(frame.toString('latin1', behind, behind + 4));
  const delay = isByKnown ? frame.readUIntBE(behind + 21, 3) >> 12 : undefined;
  return { frames, priming: delay === undefined ? 0 : delay + decoderDelay };
}
