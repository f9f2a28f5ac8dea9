import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ImageType } from '../../../../src/media_type.ts';
import { MediaError } from '../../errors.ts';

/** A photo has tens of segments; one of 50 MB whose profile looks like segments by chance has 15,000. */
const mostSegments = 100_000;
/** A picture has a handful of chunks, an animation one for each frame. */
const mostChunks = 10_000;

/**
 * Refuses a picture of so many parts that keeping them takes gigabytes: libjpeg keeps 300 bytes for each segment
 * of four, libwebp 100 for each chunk of eight. Chunks of PNG files are read one after the other. Throws MediaError.
 */
export async function refuseManyParts(path: string, type: ImageType): Promise<void> {
  const tooMany =
    (type === 'image/jpeg' && (await segmentsOf(path)) > mostSegments) ||
    (type === 'image/webp' && (await chunksOf(path)) > mostChunks);
  if (tooMany)
    throw new MediaError(
      'The picture holds too many segments beside its pixels. Save it again with an image editor and upload that.',
    );
}

/** Application segments and comments, wherever they are; in compressed pixels, 0xff stands for itself with a 0. */
async function segmentsOf(path: string): Promise<number> {
  let found = 0;
  let before = 0;
  for await (const part of createReadStream(path, {
    highWaterMark: 1 << 20,
  }) as AsyncIterable<Buffer>) {
    if (before === 0xff && isSegment(part[0])) found++;
    for (let at = part.indexOf(0xff); at >= 0; at = part.indexOf(0xff, at + 1))
      if (isSegment(part[at + 1])) found++;
    before = part.at(-1) ?? 0;
    if (found > mostSegments) break;
  }
  return found;
}

const isSegment = (marker = 0) => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;

async function chunksOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(8);
    let found = 0;
    // Behind "RIFF", a size and "WEBP".
    for (let at = 12; found <= mostChunks; found++) {
      if ((await file.read(head, 0, 8, at)).bytesRead < 8) break;
      const size = head.readUInt32LE(4);
      at += 8 + size + (size % 2);
    }
    return found;
  } finally {
    await file.close();
  }
}
