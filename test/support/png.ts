import { crc32, deflateSync } from 'node:zlib';

/** A chunk of a PNG, with its length and its checksum. */
export function chunk(type: string, data: Uint8Array | number[]): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  return Buffer.concat([fourBytes(typed.length - 4), typed, fourBytes(crc32(typed))]);
}

/** Big-endian unsigned integers of 32 bits. */
export function fourBytes(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt32BE(value, 4 * i);
  });
  return bytes;
}

const colourTypes = { grey: 0, rgb: 2, greyAlpha: 4, rgba: 6 };

export type PngKind = { type: keyof typeof colourTypes; depth?: 8 | 16; chunks?: Buffer[] };

/** A PNG byte by byte, because no library writes the rarer chunks. */
export function pngOf(
  { type, depth = 8, chunks = [] }: PngKind,
  width: number,
  height: number,
  samples: (x: number, y: number) => number[],
): Buffer {
  const rows: Buffer[] = [];
  for (let y = 0; y < height; y++) {
    const row = Array.from({ length: width }, (_, x) => samples(x, y)).flat();
    const bytes = depth === 8 ? row : row.flatMap((sample) => [sample >> 8, sample & 255]);
    rows.push(Buffer.from([0, ...bytes]));
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', [...fourBytes(width, height), depth, colourTypes[type], 0, 0, 0]),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', []),
  ]);
}
