import { machineError } from '../errors.ts';
import { splitUnits, startCode } from './h264.ts';

/**
 * Slice headers of H.264 (ISO/IEC 14496-10, 7.3.3), for streams with one reference frame, CABAC, and four
 * bits of frame_num, as in our encodes. The payload of a CABAC slice starts at a whole byte, so a slice can
 * be moved to another frame, or to another place in it, by rewriting only its header.
 */

/** A coded slice; `payload` is everything after its header, without escapes. */
export type Slice = {
  isKey: boolean;
  /** The first byte of the unit: its type and whether it is a reference. */
  head: number;
  firstBlock: number;
  sliceType: number;
  pictureSet: number;
  frameNumber: number;
  /** Differs from one key frame to the next. */
  keyId: number;
  /** The remaining bits of the header, which no move changes. */
  rest: number[];
  payload: Buffer;
};

const nal = { slice: 1, keySlice: 5 };
const frameNumberBits = 4;
const frameNumbers = 1 << frameNumberBits;

/** Reads a unit of type 1 or 5; undefined for others. Throws RenderError when it is not as we encode. */
export function readSlice(unit: Buffer): Slice | undefined {
  const head = unit[0] ?? 0;
  const type = head & 31;
  if (type !== nal.slice && type !== nal.keySlice) return undefined;
  const isKey = type === nal.keySlice;
  const bytes = withoutEscapes(unit);
  const bits = new BitReader(bytes, 8);
  const firstBlock = bits.unsigned();
  const sliceType = bits.unsigned();
  const pictureSet = bits.unsigned();
  const frameNumber = bits.take(frameNumberBits);
  const keyId = isKey ? bits.unsigned() : 0;
  const from = bits.position;
  if (isKey) bits.take(2);
  else {
    if (bits.take(1)) bits.unsigned();
    if (bits.take(1)) throw machineError('the slice reorders its references');
    if (bits.take(1)) throw machineError('the slice marks its references');
    bits.unsigned();
  }
  bits.unsigned();
  const isDeblocked = bits.unsigned() !== 1;
  // Two signed offsets, which take the same bits as unsigned ones.
  if (isDeblocked) for (let i = 0; i < 2; i++) bits.unsigned();
  const to = bits.position;
  const rest = Array.from({ length: to - from }, (_, i) => bits.at(from + i));
  const payload = bytes.subarray((to + 7) >> 3);
  return { isKey, head, firstBlock, sliceType, pictureSet, frameNumber, keyId, rest, payload };
}

/** The slice as a unit of the frame that comes this many frames after its key frame. */
export function writeSlice(slice: Slice, sinceKey: number, keyId: number): Buffer {
  const bits = new BitWriter();
  bits.put(slice.head, 8);
  bits.putUnsigned(slice.firstBlock);
  bits.putUnsigned(slice.sliceType);
  bits.putUnsigned(slice.pictureSet);
  bits.put(sinceKey % frameNumbers, frameNumberBits);
  if (slice.isKey) bits.putUnsigned(keyId);
  for (const bit of slice.rest) bits.put(bit, 1);
  return withEscapes(Buffer.concat([bits.alignedWithOnes(), slice.payload]));
}

/** Splits a byte stream (Annex B) that arrives in chunks into its units. */
export class UnitSplitter {
  #rest: Buffer = Buffer.alloc(0);

  /** The units that are complete by now. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const last = bytes.lastIndexOf(startCode);
    this.#rest = last < 0 ? bytes : bytes.subarray(last);
    return last <= 0 ? [] : splitUnits(bytes.subarray(0, last));
  }

  /** The last one. */
  end(): Buffer[] {
    return splitUnits(this.#rest);
  }
}

const emulation = Buffer.from([0, 0, 3]);

function withoutEscapes(unit: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = unit.indexOf(emulation); at >= 0; at = unit.indexOf(emulation, at + 3)) {
    parts.push(unit.subarray(from, at + 2));
    from = at + 3;
  }
  return parts.length === 0 ? unit : Buffer.concat([...parts, unit.subarray(from)]);
}

const twoZeros = Buffer.from([0, 0]);

/** Two zeros followed by a byte up to 3 would be read as a start code. */
function withEscapes(unit: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = unit.indexOf(twoZeros); at >= 0; at = unit.indexOf(twoZeros, at)) {
    at += 2;
    if (at >= unit.length || (unit[at] ?? 0) > 3) continue;
    parts.push(unit.subarray(from, at), emulation.subarray(2));
    from = at;
  }
  return parts.length === 0 ? unit : Buffer.concat([...parts, unit.subarray(from)]);
}

class BitReader {
  readonly #bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  at(position: number): number {
    return ((this.#bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1;
  }

  take(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + this.at(this.position++);
    return value;
  }

  /** Exp-Golomb: as many zeros as there are digits after the first one. */
  unsigned(): number {
    let zeros = 0;
    while (zeros < 32 && this.take(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.take(zeros);
  }
}

class BitWriter {
  readonly #bytes: number[] = [];
  #length = 0;

  put(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) {
      if (this.#length % 8 === 0) this.#bytes.push(0);
      const at = this.#length >> 3;
      this.#bytes[at] = (this.#bytes[at] ?? 0) | (((value >> i) & 1) << (7 - (this.#length & 7)));
      this.#length++;
    }
  }

  putUnsigned(value: number): void {
    const digits = 32 - Math.clz32(value + 1);
    this.put(0, digits - 1);
    this.put(value + 1, digits);
  }

  alignedWithOnes(): Buffer {
    while (this.#length % 8 !== 0) this.put(1, 1);
    return Buffer.from(this.#bytes);
  }
}
