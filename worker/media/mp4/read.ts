import { type FileHandle, open } from 'node:fs/promises';
import { readLowComplexity } from '../codec/aac.ts';
import { MediaError } from '../errors.ts';
import { boxAt, boxesIn, fileBoxes } from './boxes.ts';
import { readEdit, readEditedTicks, readEntry } from './edits.ts';
import {
  readConfig,
  readDuration,
  readOffsets,
  readSizes,
  readTicks,
  timescale,
} from './tables.ts';

/** The positions of the packets of an AAC-LC track, and which of their samples are heard. */
export type AacAudio = {
  /** The files that hold the packets, each from this packet on. */
  files: { path: string; from: number }[];
  /** The AudioSpecificConfig. */
  config: Buffer;
  sampleRate: number;
  channels: number;
  /** Byte offset and size of each packet. */
  offsets: Float64Array;
  sizes: Uint32Array;
  /** Samples to skip at the start: the encoder's run-up. */
  priming: number;
  /** Samples that are heard, after the run-up. */
  samples: number;
};

/** The index of a day of sound takes 20 MB. */
const maxIndexBytes = 32 * 1024 * 1024;

/**
 * Reads the index of an MP4 or M4A file whose audio can be used packet by packet. The file is untrusted:
 * anything unusual, fragmented, inconsistent or damaged gives undefined; a file made to keep a reader busy is
 * a MediaError.
 */
export const readAacAudio = (path: string): Promise<AacAudio | undefined> =>
  fromIndex(path, (index, fileBytes) => readTrack(path, index, fileBytes));

/**
 * How many seconds of an MP4 or M4A file are heard, by its edit list. A decoder returns a little more,
 * because the last packet is always a whole one. Undefined when nothing usable is stated.
 */
export const readHeardSeconds = (path: string): Promise<number | undefined> =>
  fromIndex(path, (index) => {
    const track = soundTrack(index);
    const edits = track && boxAt(track, 'edts', 'elst');
    const scale = timescale(boxAt(index, 'mvhd'));
    if (edits?.readUInt32BE(4) !== 1 || !scale) return undefined;
    const { duration, priming } = readEntry(edits);
    return duration > 0 && priming >= 0 ? duration / scale : undefined;
  });

/**
 * How much sound the index of an MP4 or M4A file promises, whether the file contains it or not: the sum of
 * its table of times, minus what its edits leave out. Undefined when nothing usable is stated.
 */
export const readPromisedSeconds = (path: string): Promise<number | undefined> =>
  fromIndex(path, (index) => {
    const track = soundTrack(index);
    const ticks = track && readTicks(boxAt(track, 'mdia', 'minf', 'stbl', 'stts'));
    const scale = track && timescale(boxAt(track, 'mdia', 'mdhd'));
    if (!track || !ticks || !scale) return undefined;
    const edited = readEditedTicks(boxAt(track, 'edts', 'elst'));
    const movieScale = timescale(boxAt(index, 'mvhd'));
    const heard = edited && movieScale ? edited / movieScale : Number.POSITIVE_INFINITY;
    return Math.min(ticks / scale, heard);
  });

const ordinary = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide'];

/** Whether the file is one track of sound and nothing else that a decoder would see: no cover art, no chapters. */
export async function hasOnlySound(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    for await (const { type } of fileBoxes(file)) if (!ordinary.includes(type)) return false;
  } finally {
    await file.close();
  }
  const isAlone = await fromIndex(path, (index) => {
    const tracks = boxesIn(index).filter(({ type }) => type === 'trak');
    return tracks.length === 1 && !index.includes('covr') && !index.includes('chpl');
  });
  return isAlone ?? false;
}

/** The result of `read` on the file's index. A table that points outside it is ignored. */
async function fromIndex<T>(
  path: string,
  read: (index: Buffer, fileBytes: number) => T | undefined,
): Promise<T | undefined> {
  const file = await open(path);
  try {
    const fileBytes = (await file.stat()).size;
    const index = await readIndex(file, fileBytes);
    return index && read(index, fileBytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function readIndex(file: FileHandle, fileBytes: number) {
  for await (const { type, at, length, headLength } of fileBoxes(file)) {
    if (type === 'moof') return undefined;
    if (type !== 'moov') continue;
    if (at + length > fileBytes) return undefined;
    if (length > maxIndexBytes) {
      throw new MediaError(
        "The audio file's index is larger than 32 MB: it is damaged. Export it again and upload the new file.",
      );
    }
    const index = Buffer.alloc(length - headLength);
    await file.read(index, 0, index.length, at + headLength);
    return index;
  }
  return undefined;
}

const soundTrack = (index: Buffer): Buffer | undefined =>
  boxesIn(index).find(
    ({ type, body }) =>
      type === 'trak' && boxAt(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12) === 'soun',
  )?.body;

function readTrack(path: string, index: Buffer, fileBytes: number): AacAudio | undefined {
  if (boxAt(index, 'mvex')) return undefined;
  const track = soundTrack(index);
  const tables = track && boxAt(track, 'mdia', 'minf', 'stbl');
  const config = tables && readConfig(boxAt(tables, 'stsd'));
  const facts = config && readLowComplexity(config);
  if (!track || !tables || !config || !facts) return undefined;
  if (timescale(boxAt(track, 'mdia', 'mdhd')) !== facts.sampleRate) return undefined;

  const sizes = readSizes(boxAt(tables, 'stsz'));
  const offsets = readOffsets(tables, sizes, fileBytes);
  const total = readDuration(boxAt(tables, 'stts'), sizes.length);
  if (!offsets || total === undefined) return undefined;
  const heard = readEdit(index, track, facts.sampleRate, total);
  return heard && { files: [{ path, from: 0 }], config, ...facts, sizes, offsets, ...heard };
}
