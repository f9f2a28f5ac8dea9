import { open } from 'node:fs/promises';
import { PACKET_SAMPLES, readLowComplexity } from './aac.ts';
import { boxAt, boxesIn } from './mp4_boxes.ts';

/** Where the packets of an AAC-LC track lie, and which of their samples are heard. */
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
  /** Samples to leave out at the start: the encoder's run-up. */
  priming: number;
  /** Samples that are heard, after the run-up. */
  samples: number;
};

const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const MAX_PACKET_BYTES = 8_192;

/**
 * Reads the index of an MP4 or M4A file whose audio can be used packet by packet.
 * The file may be anyone's: whatever is unusual, fragmented, inconsistent or damaged gives undefined.
 */
export async function readAacAudio(path: string): Promise<AacAudio | undefined> {
  const file = await open(path);
  try {
    const fileBytes = (await file.stat()).size;
    const index = await readIndex(file, fileBytes);
    return index && readTrack(path, index, fileBytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function readIndex(file: File, fileBytes: number): Promise<Buffer | undefined> {
  const head = Buffer.alloc(16);
  for (let at = 0; at + 8 <= fileBytes; ) {
    await file.read(head, 0, 16, at);
    const short = head.readUInt32BE(0);
    const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short || fileBytes - at;
    const type = head.toString('latin1', 4, 8);
    if (length < 8 || type === 'moof') return undefined;
    if (type === 'moov') {
      if (length > MAX_INDEX_BYTES || at + length > fileBytes) return undefined;
      const index = Buffer.alloc(length - 8);
      await file.read(index, 0, index.length, at + 8);
      return index;
    }
    at += length;
  }
  return undefined;
}

function readTrack(path: string, index: Buffer, fileBytes: number): AacAudio | undefined {
  if (boxAt(index, 'mvex')) return undefined;
  const track = boxesIn(index).find(
    ({ type, body }) =>
      type === 'trak' && boxAt(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12) === 'soun',
  )?.body;
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

/** The DecoderSpecificInfo of the one `mp4a` entry. */
function readConfig(stsd: Buffer | undefined): Buffer | undefined {
  if (stsd?.readUInt32BE(4) !== 1) return undefined;
  const entry = boxAt(stsd.subarray(8), 'mp4a');
  // Version 0 of the sound description; QuickTime's longer ones are left to ffmpeg.
  if (entry?.readUInt16BE(8) !== 0) return undefined;
  const esds = boxAt(entry.subarray(28), 'esds');
  if (!esds) return undefined;
  let at = 4;
  const enter = (tag: number) => {
    if (esds.readUInt8(at++) !== tag) throw new RangeError('unexpected descriptor');
    let length = 0;
    let byte = 0x80;
    while (byte & 0x80) {
      byte = esds.readUInt8(at++);
      length = (length << 7) | (byte & 0x7f);
    }
    return length;
  };
  enter(3);
  const flags = esds.readUInt8(at + 2);
  if (flags & 0b1110_0000) return undefined;
  at += 3;
  enter(4);
  const isMpeg4Audio = esds.readUInt8(at) === 0x40;
  at += 13;
  const length = enter(5);
  return isMpeg4Audio && length <= 64 ? Buffer.from(esds.subarray(at, at + length)) : undefined;
}

function timescale(header: Buffer | undefined): number | undefined {
  return header?.readUInt32BE(header.readUInt8(0) === 1 ? 20 : 12);
}

function readSizes(stsz: Buffer | undefined): Uint32Array {
  if (stsz?.readUInt32BE(4) !== 0) throw new RangeError('no table of sizes');
  const sizes = new Uint32Array(stsz.readUInt32BE(8) <= stsz.length / 4 ? stsz.readUInt32BE(8) : 0);
  for (let i = 0; i < sizes.length; i++) {
    const size = stsz.readUInt32BE(12 + 4 * i);
    if (size < 2 || size > MAX_PACKET_BYTES) throw new RangeError('an impossible packet');
    sizes[i] = size;
  }
  return sizes;
}

function readOffsets(
  tables: Buffer,
  sizes: Uint32Array,
  fileBytes: number,
): Float64Array | undefined {
  const runs = boxAt(tables, 'stsc');
  const short = boxAt(tables, 'stco');
  const chunks = short ?? boxAt(tables, 'co64');
  if (!runs || !chunks || sizes.length === 0) return undefined;
  const offsets = new Float64Array(sizes.length);
  const runCount = runs.readUInt32BE(4);
  const chunkCount = chunks.readUInt32BE(4);
  let packet = 0;
  let run = 0;
  for (let chunk = 0; chunk < chunkCount && packet < sizes.length; chunk++) {
    while (run + 1 < runCount && runs.readUInt32BE(8 + 12 * (run + 1)) <= chunk + 1) run++;
    const inChunk = runs.readUInt32BE(8 + 12 * run + 4);
    if (runs.readUInt32BE(8 + 12 * run + 8) !== 1) return undefined;
    let at = short
      ? chunks.readUInt32BE(8 + 4 * chunk)
      : Number(chunks.readBigUInt64BE(8 + 8 * chunk));
    for (let i = 0; i < inChunk && packet < sizes.length; i++, packet++) {
      offsets[packet] = at;
      at += sizes[packet] as number;
    }
    if (at > fileBytes) return undefined;
  }
  return packet === sizes.length ? offsets : undefined;
}

/** All samples of the track, when each packet but the last lasts as long as a packet of AAC-LC does. */
function readDuration(stts: Buffer | undefined, packets: number): number | undefined {
  if (!stts) return undefined;
  let counted = 0;
  let total = 0;
  for (let i = 0; i < stts.readUInt32BE(4); i++) {
    const count = stts.readUInt32BE(8 + 8 * i);
    const samples = stts.readUInt32BE(12 + 8 * i);
    counted += count;
    total += count * samples;
    const isLast = count === 1 && counted === packets;
    if (samples !== PACKET_SAMPLES && !(isLast && samples < PACKET_SAMPLES)) return undefined;
  }
  return counted === packets ? total : undefined;
}

/** What of the track is heard: by its edit list, else by the note that iTunes leaves. */
function readEdit(index: Buffer, track: Buffer, sampleRate: number, total: number) {
  const edits = boxAt(track, 'edts', 'elst');
  if (edits && edits.readUInt32BE(4) > 1) return undefined;
  let priming = 0;
  let samples = Number.POSITIVE_INFINITY;
  if (edits && edits.readUInt32BE(4) === 1) {
    const long = edits.readUInt8(0) === 1;
    const duration = long ? Number(edits.readBigUInt64BE(8)) : edits.readUInt32BE(8);
    priming = long ? Number(edits.readBigInt64BE(16)) : edits.readInt32BE(12);
    const scale = timescale(boxAt(index, 'mvhd'));
    if (!scale || edits.readInt16BE(long ? 24 : 16) !== 1) return undefined;
    if (duration > 0) samples = Math.round((duration * sampleRate) / scale);
  } else {
    const note = /iTunSMPB.{0,40}?data.{8} [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{8} ([0-9A-F]{16})/s;
    const [, runUp, heard] = note.exec(boxAt(index, 'udta')?.toString('latin1') ?? '') ?? [];
    if (runUp && heard) {
      priming = Number.parseInt(runUp, 16);
      samples = Number.parseInt(heard, 16);
    }
  }
  // An edit counts in the movie's own, coarser clock: where it means "to the end", the table knows better.
  const toEnd = total - priming;
  if (samples > toEnd - sampleRate / 500) samples = toEnd;
  return priming >= 0 && samples > 0 ? { priming, samples } : undefined;
}
