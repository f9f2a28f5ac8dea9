import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';

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
  return pngOfPacked({ type, depth, chunks }, width, height, deflateSync(Buffer.concat(rows)));
}

function pngOfPacked(
  { type, depth = 8, chunks = [], interlaced = false }: PngKind & { interlaced?: boolean },
  width: number,
  height: number,
  packed: Buffer,
): Buffer {
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', [
      ...fourBytes(width, height),
      depth,
      colourTypes[type],
      0,
      0,
      Number(interlaced),
    ]),
    ...chunks,
    chunk('IDAT', packed),
    chunk('IEND', []),
  ]);
}

/** Where each pass of an interlaced PNG begins, and its steps. */
const passes = [
  ...[[0, 0, 8, 8] as const, [4, 0, 8, 8] as const, [0, 4, 4, 8] as const, [2, 0, 4, 4] as const],
  ...[[0, 2, 2, 4] as const, [1, 0, 2, 2] as const, [0, 1, 1, 2] as const],
];

/** A black RGB PNG of at least 5 × 5 pixels, at once: to compress a hundred megapixels takes seconds. */
export function blackPng(width: number, height: number, interlaced = false): Buffer {
  const bytes = (interlaced ? passes : [[0, 0, 1, 1] as const])
    .map(
      ([x, y, across, down]) =>
        Math.ceil((height - y) / down) * (1 + 3 * Math.ceil((width - x) / across)),
    )
    .reduce((sum, one) => sum + one);
  return pngOfPacked({ type: 'rgb', interlaced }, width, height, packedZeros(bytes));
}

/** As deflate would pack them: blocks that end with a whole byte can be strung together. */
function packedZeros(bytes: number): Buffer {
  const once = 1_000_000;
  const block = deflateRawSync(Buffer.alloc(once), { finishFlush: constants.Z_FULL_FLUSH });
  const rest = deflateRawSync(Buffer.alloc(bytes % once));
  const checksum = fourBytes((((bytes % 65_521) << 16) | 1) >>> 0);
  const blocks = Array<Buffer>(Math.floor(bytes / once)).fill(block);
  return Buffer.concat([Buffer.from([0x78, 0x01]), ...blocks, rest, checksum]);
}
