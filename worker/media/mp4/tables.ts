import { packetSamples } from '../codec/aac.ts';
import { boxAt } from './boxes.ts';

/**
 * The tables of one AAC track of an MP4 file. Any of them may be wrong: the result is then a RangeError or
 * undefined.
 */

/** Generous: the format allows 768 bytes per channel. */
const maxPacketBytes = 8_192;
/** A day of sound at 48 kHz. */
export const maxPackets = 4_050_000;

/** The DecoderSpecificInfo of the one `mp4a` entry. */
export function readConfig(stsd: Buffer | undefined): Buffer | undefined {
  if (stsd?.readUInt32BE(4) !== 1) return undefined;
  const entry = boxAt(stsd.subarray(8), 'mp4a');
  // Version 0 of the sound description; QuickTime's longer versions are left to ffmpeg.
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

export function timescale(header: Buffer | undefined): number | undefined {
  return header?.readUInt32BE(header.readUInt8(0) === 1 ? 20 : 12);
}

export function readSizes(stsz: Buffer | undefined): Uint32Array {
  if (stsz?.readUInt32BE(4) !== 0) throw new RangeError('no table of sizes');
  const count = stsz.readUInt32BE(8);
  if (count > maxPackets || count > stsz.length / 4) throw new RangeError('too many packets');
  const sizes = new Uint32Array(count);
  for (let i = 0; i < sizes.length; i++) {
    const size = stsz.readUInt32BE(12 + 4 * i);
    if (size < 2 || size > maxPacketBytes) throw new RangeError('an impossible packet');
    sizes[i] = size;
  }
  return sizes;
}

export function readOffsets(
  tables: Buffer,
  sizes: Uint32Array,
  fileBytes: number,
): Float64Array | undefined {
  // Packets that share bytes could turn a small file into a huge video.
  if (sizes.reduce((sum, size) => sum + size, 0) > fileBytes) return undefined;
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
    if (inChunk === 0) throw new RangeError('an empty chunk');
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

/** All samples of the track, if each packet except the last has the duration of an AAC-LC packet. */
export function readDuration(stts: Buffer | undefined, packets: number): number | undefined {
  if (!stts) return undefined;
  let counted = 0;
  let total = 0;
  for (let i = 0; i < stts.readUInt32BE(4); i++) {
    const count = stts.readUInt32BE(8 + 8 * i);
    if (count === 0 || counted > packets) throw new RangeError('an impossible run of packets');
    const samples = stts.readUInt32BE(12 + 8 * i);
    counted += count;
    total += count * samples;
    const isLast = count === 1 && counted === packets;
    if (samples !== packetSamples && !(isLast && samples < packetSamples)) return undefined;
  }
  return counted === packets ? total : undefined;
}

/** The sum of a table of times, in the track's clock. */
export function readTicks(stts: Buffer | undefined): number | undefined {
  if (!stts) return undefined;
  const runs = stts.readUInt32BE(4);
  let ticks = 0;
  for (let i = 0; i < runs; i++) {
    ticks += stts.readUInt32BE(8 + 8 * i) * stts.readUInt32BE(12 + 8 * i);
  }
  return ticks;
}
