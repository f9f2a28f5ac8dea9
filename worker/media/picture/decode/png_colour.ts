import { type FileHandle, open } from 'node:fs/promises';
import { crc32, deflateSync } from 'node:zlib';
import { codePoints, srgbPrimaries, srgbTransfer } from './code_points.ts';
import { type Chromaticity, iccProfile, type Primaries, type Transfer } from './icc_profile.ts';

const signatureBytes = 8;
/** A chunk's data comes after its length and type, and before a checksum. */
const chunkBytes = 12;
/** No picture has more chunks than this before its data. */
const mostChunks = 1000;
const colourChunks = ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM'];

type Chunk = { type: string; at: number; length: number; data?: Buffer };

/**
 * The file with an ICC profile that describes its colours, if it describes them with the chunks cICP, or gAMA
 * and cHRM, which browsers heed but libvips does not; undefined when the file needs no change.
 */
export async function pngWithProfile(path: string): Promise<Buffer | undefined> {
  const file = await open(path);
  try {
    const chunks = await chunksBeforePixels(file);
    const told = colourOf(chunks);
    if (!told) return undefined;
    return await rewritten(file, chunks, told.profile);
  } finally {
    await file.close();
  }
}

async function chunksBeforePixels(file: FileHandle): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const head = Buffer.alloc(8);
  for (let at = signatureBytes; chunks.length < mostChunks; ) {
    const { bytesRead } = await file.read(head, 0, 8, at);
    const type = head.toString('latin1', 4);
    if (bytesRead < 8 || type === 'IDAT') break;
    const length = head.readUInt32BE(0);
    const chunk: Chunk = { type, at, length: chunkBytes + length };
    if (length <= 32) {
      chunk.data = Buffer.alloc(length);
      await file.read(chunk.data, 0, length, at + 8);
    }
    chunks.push(chunk);
    at += chunk.length;
  }
  return chunks;
}

/** The equivalent profile, or sRGB's; undefined when none is needed. */
function colourOf(chunks: Chunk[]): { profile?: Buffer } | undefined {
  const data = (type: string, bytes: number) => {
    const found = chunks.find((chunk) => chunk.type === type)?.data;
    return found?.length === bytes ? found : undefined;
  };
  const has = (type: string) => chunks.some((chunk) => chunk.type === type);
  const grey = [0, 4].includes(data('IHDR', 13)?.[9] ?? 0);
  const made = (transfer: Transfer, primaries: Primaries) =>
    iccProfile(transfer, grey ? undefined : primaries);

  const [primariesCode = 0, transferCode = 0, matrix, fullRange] = data('cICP', 4) ?? [];
  const codes = matrix === 0 && fullRange === 1 && codePoints(primariesCode, transferCode);
  if (codes) {
    const isSrgb = codes.primaries === srgbPrimaries && codes.transfer === srgbTransfer;
    return isSrgb ? {} : { profile: made(codes.transfer, codes.primaries) };
  }
  const fileGamma = (data('gAMA', 4)?.readUInt32BE(0) ?? 0) / 100_000;
  if (has('iCCP') || has('sRGB') || fileGamma === 0) return undefined;
  const chromaticities = data('cHRM', 32);
  if (!chromaticities && Math.abs(fileGamma * 2.2 - 1) < 0.01) return undefined;
  const primaries = chromaticities ? primariesIn(chromaticities) : srgbPrimaries;
  return { profile: made({ gamma: 1 / fileGamma }, primaries) };
}

function primariesIn(cHRM: Buffer): Primaries {
  const at = (i: number): Chromaticity => [
    cHRM.readUInt32BE(8 * i) / 100_000,
    cHRM.readUInt32BE(8 * i + 4) / 100_000,
  ];
  return { white: at(0), red: at(1), green: at(2), blue: at(3) };
}

async function rewritten(file: FileHandle, chunks: Chunk[], profile?: Buffer): Promise<Buffer> {
  const bytes = await file.readFile();
  const [header, ...others] = chunks.map((chunk) =>
    colourChunks.includes(chunk.type)
      ? Buffer.alloc(0)
      : bytes.subarray(chunk.at, chunk.at + chunk.length),
  );
  const last = chunks.at(-1);
  return Buffer.concat([
    bytes.subarray(0, signatureBytes),
    header ?? Buffer.alloc(0),
    profile ? profileChunk(profile) : Buffer.alloc(0),
    ...others,
    bytes.subarray(last ? last.at + last.length : signatureBytes),
  ]);
}

function profileChunk(profile: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from('iCCPcolour\0\0', 'latin1'), deflateSync(profile)]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(typed.length - 4);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
}
