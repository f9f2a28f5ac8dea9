import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** What the chunks of a WAV file say, and where they are. */
export type Wav = {
  /** The body of the chunk `fmt `. */
  format: Buffer;
  /** The sound: where it starts, how many bytes of it the file contains, and how many it promises. */
  data: { at: number; bytes: number; promised: number };
  /** Whether the file as a whole promises more bytes than it has, a sure sign that it was cut off. */
  cut: boolean;
  /**
   * Whether a chunk of odd length lacks the padding byte that the format requires, which confuses other
   * readers.
   */
  unpadded: boolean;
};

const mostChunks = 1_000;
const mostFormatBytes = 4_096;
const unknownSize = 0xffff_ffff;
/** Programs that do not know the length yet write the maximum of a signed reader, or a little less. */
const likelyUnknown = 0x7fff_0000;

/** Undefined when there is no format or no sound. */
export async function readWav(path: string): Promise<Wav | undefined> {
  const file = await open(path);
  try {
    return await readChunks(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

async function readChunks(file: FileHandle, fileBytes: number): Promise<Wav | undefined> {
  const head = await bytesAt(file, 0, 12);
  if (!/^(RIFF|RF64)$/.test(head.toString('latin1', 0, 4))) return undefined;
  // Above 4 GB the 32-bit sizes are all ones, and an earlier chunk has the true ones.
  let large: { file: number; data: number } | undefined;
  let format: Buffer | undefined;
  let unpadded = false;
  let at = 12;
  for (let i = 0; i < mostChunks && at + 8 <= fileBytes; i++) {
    const chunk = await bytesAt(file, at, 8);
    const type = chunk.toString('latin1', 0, 4);
    const size = chunk.readUInt32LE(4);
    const body = at + 8;
    if (type === 'fmt ' && size <= mostFormatBytes) format = await bytesAt(file, body, size);
    if (type === 'ds64') {
      const sizes = await bytesAt(file, body, 16);
      large = { file: Number(sizes.readBigUInt64LE(0)), data: Number(sizes.readBigUInt64LE(8)) };
    }
    if (type === 'data') {
      const promised = large && size === unknownSize ? large.data : size;
      const data = { at: body, bytes: Math.min(promised, fileBytes - body), promised };
      const whole = 8 + (large?.file ?? head.readUInt32LE(4));
      const cut = whole > fileBytes + 1 && (large !== undefined || whole < likelyUnknown);
      return format && { format, data, cut, unpadded };
    }
    at = body + size;
    if (size % 2 === 0) continue;
    // Some programs forget the padding: then a chunk starts where the padding should be.
    if (isName(await bytesAt(file, at, 4)) && !isName(await bytesAt(file, at + 1, 4)))
      unpadded = true;
    else at++;
  }
  return undefined;
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, at);
  return bytes;
}

const isName = (bytes: Buffer): boolean => /^[\w ]{3}[\w ~]$/.test(bytes.toString('latin1'));

/** Rewrites the same sound as a WAV file of two chunks. */
export async function writePlainWav(from: string, { format, data }: Wav, to: string) {
  const chunks = Buffer.concat([
    ...[Buffer.from('WAVEfmt '), u32le(format.length), format, Buffer.alloc(format.length % 2)],
    ...[Buffer.from('data'), u32le(data.bytes)],
  ]);
  const out = createWriteStream(to);
  out.write(Buffer.concat([Buffer.from('RIFF'), u32le(chunks.length + data.bytes), chunks]));
  await pipeline(createReadStream(from, { start: data.at, end: data.at + data.bytes - 1 }), out);
}

function u32le(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Math.min(value, unknownSize));
  return bytes;
}
