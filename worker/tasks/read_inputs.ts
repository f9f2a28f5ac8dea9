import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobStore } from '../../src/storage/blob_store.ts';
import { temporaryFault } from '../media/temporary.ts';
import type { RenderAttempt } from './attempt.ts';

type InputPaths = { imagePath: string; audioPath: string; captionsPath?: string };

/** Copies the job's files from the store into the folder. */
export async function readInputs(
  store: BlobStore,
  { image_blob_id, audio_blob_id, captions_blob_id }: RenderAttempt,
  dir: string,
  signal: AbortSignal,
): Promise<InputPaths> {
  const read = async (blobId: string, name: string): Promise<string> => {
    const path = join(dir, name);
    const bytes = Readable.from(store.read(blobId, undefined, signal));
    await pipeline(bytes, createWriteStream(path), { signal }).catch((error) => {
      throw temporaryFault(error);
    });
    return path;
  };
  return {
    imagePath: await read(image_blob_id, 'image'),
    audioPath: await read(audio_blob_id, 'audio'),
    captionsPath: captions_blob_id ? await read(captions_blob_id, 'captions') : undefined,
  };
}
