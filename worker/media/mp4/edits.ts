import { boxAt } from './boxes.ts';
import { timescale } from './tables.ts';

/** How much sound an edit list plays, in the movie's clock; undefined when it does not say. */
export function readEditedTicks(edits: Buffer | undefined): number | undefined {
  if (!edits) return undefined;
  const long = edits.readUInt8(0) === 1;
  const count = edits.readUInt32BE(4);
  let ticks = 0;
  for (let i = 0, at = 8; i < count; i++, at += long ? 20 : 12) {
    const duration = long ? Number(edits.readBigUInt64BE(at)) : edits.readUInt32BE(at);
    const begins = long ? Number(edits.readBigInt64BE(at + 8)) : edits.readInt32BE(at + 4);
    // An edit with a negative start is a pause, and one without a length extends to the end.
    if (begins >= 0 && duration === 0) return undefined;
    if (begins >= 0) ticks += duration;
  }
  return ticks || undefined;
}

/** The first entry of an edit list: its duration in the movie's clock, and its start in the track's own. */
export function readEntry(edits: Buffer): { duration: number; priming: number; rate: number } {
  const long = edits.readUInt8(0) === 1;
  return {
    duration: long ? Number(edits.readBigUInt64BE(8)) : edits.readUInt32BE(8),
    priming: long ? Number(edits.readBigInt64BE(16)) : edits.readInt32BE(12),
    rate: edits.readInt16BE(long ? 24 : 16),
  };
}

/** The audible part of the track: by its edit list, else by the note that iTunes writes. */
export function readEdit(index: Buffer, track: Buffer, sampleRate: number, total: number) {
  const edits = boxAt(track, 'edts', 'elst');
  if (edits && edits.readUInt32BE(4) > 1) return undefined;
  let priming = 0;
  let samples = Number.POSITIVE_INFINITY;
  if (edits && edits.readUInt32BE(4) === 1) {
    const { duration, priming: runUp, rate } = readEntry(edits);
    priming = runUp;
    const scale = timescale(boxAt(index, 'mvhd'));
    if (!scale || rate !== 1) return undefined;
    if (duration > 0) samples = Math.round((duration * sampleRate) / scale);
  } else {
    const [, runUp, heard] = note.exec(noteOf(boxAt(index, 'udta'))) ?? [];
    if (runUp && heard) {
      priming = Number.parseInt(runUp, 16);
      samples = Number.parseInt(heard, 16);
    }
  }
  // An edit uses the movie's coarser clock. Where it means "to the end", the table is more exact.
  const toEnd = total - priming;
  if (samples > toEnd - sampleRate / 500) samples = toEnd;
  return priming >= 0 && samples > 0 ? { priming, samples } : undefined;
}

const note = /^iTunSMPB.{0,40}?data.{8} [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{8} ([0-9A-F]{16})/s;
const noteBytes = 200;

function noteOf(udta: Buffer | undefined): string {
  const at = udta?.indexOf('iTunSMPB', 'latin1') ?? -1;
  return udta && at >= 0 ? udta.toString('latin1', at, at + noteBytes) : '';
}
