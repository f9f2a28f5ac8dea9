/** Boxes of the ISO base media file format (ISO/IEC 14496-12): four bytes of length, four of type, the rest. */

import type { FileHandle } from 'node:fs/promises';
import { MediaError } from '../errors.ts';

export type Box = { type: string; body: Buffer };

/** A box whose body is the parts one after the other. */
export function box(type: string, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** A box that starts with a version (0) and 24 bits of flags. */
export function fullBox(type: string, flags: number, ...parts: Uint8Array[]): Buffer {
  return box(type, u32(flags), ...parts);
}

export function u8(...values: number[]): Buffer {
  return Buffer.from(values);
}

export function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}

export function u32(...values: number[]): Buffer {
  return u32s(values);
}

/** As `u32`, for tables that are too long to be spread into arguments. */
export function u32s(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) bytes.writeUInt32BE(values[i] as number, i * 4);
  return bytes;
}

/** No honest file has this many side by side; boxes of eight bytes could keep a reader busy for minutes. */
const mostBoxes = 10_000;

function refuseMore(count: number) {
  if (count < mostBoxes) return;
  throw new MediaError(
    'The audio file consists of more than 10,000 boxes: it is damaged. Export it again and upload the new file.',
  );
}

/** The boxes side by side in these bytes. Throws RangeError when one reaches beyond them. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    refuseMore(boxes.length);
    const length = bytes.readUInt32BE(at);
    if (length < 8 || at + length > bytes.length)
      throw new RangeError('a box of impossible length');
    const type = bytes.toString('latin1', at + 4, at + 8);
    boxes.push({ type, body: bytes.subarray(at + 8, at + length) });
    at += length;
  }
  return boxes;
}

/**
 * The body of the box at the end of this path of types, taking the first box of each type. The length of the
 * path limits the depth: nothing here recurses.
 */
export function boxAt(bytes: Buffer, ...path: string[]): Buffer | undefined {
  let here: Buffer | undefined = bytes;
  for (const type of path) {
    here = here && boxesIn(here).find((found) => found.type === type)?.body;
  }
  return here;
}

/** Where a box of a file starts, and its length including its head of 8 or 16 bytes. */
export type FileBox = { type: string; at: number; length: number; headLength: number };

/** The boxes of a file, without their contents. Stops early at an invalid one. */
export async function* fileBoxes(file: FileHandle): AsyncGenerator<FileBox> {
  const { size } = await file.stat();
  const head = Buffer.alloc(16);
  let count = 0;
  for (let at = 0; at + 8 <= size; ) {
    refuseMore(count++);
    const { bytesRead } = await file.read(head, 0, 16, at);
    const short = head.readUInt32BE(0);
    const isLong = short === 1 && bytesRead === 16;
    const length = isLong ? Number(head.readBigUInt64BE(8)) : short || size - at;
    const headLength = isLong ? 16 : 8;
    if (length < headLength) return;
    yield { type: head.toString('latin1', 4, 8), at, length, headLength };
    at += length;
  }
}
