import { createHash } from 'node:crypto';
import type { BlobStore } from './blob_store.ts';
import type { Bucket } from './bucket.ts';
import { inChunks } from './chunks.ts';
import type { Rows } from './rows.ts';
import { putObject, readObject } from './s3.ts';

/** A file as api.next_to_move tells it. */
export type Movable = {
  id: string;
  size: string;
  sha256: string;
  content_type: string;
  object_key: string | null;
};

export type Places = { rows: Rows; store: BlobStore; bucket: Bucket };

/**
 * Copies a file into the bucket, reads the copy, compares, and switches the file to it by one statement.
 * False: it has gone meanwhile. Whatever is left when this breaks off, tidy deletes.
 */
export async function moveToBucket({ rows, store, bucket }: Places, file: Movable) {
  const [begun] = await rows.call<{ key: string }>('select api.begin_move() as key', []);
  const { key } = begun as { key: string };
  try {
    await putObject(bucket, key, store.read(file.id), { contentType: file.content_type });
    await compare(readObject(bucket, key, 0, Number(file.size) - 1), file);
  } catch (error) {
    await rows.call('select api.give_up_object($1)', [key]).catch(() => {});
    throw error;
  }
  return switched(rows, 'select api.move_to_bucket($1, $2) as moved', [file.id, key]);
}

/** The same in the other direction. */
export async function moveToDatabase({ rows, store }: Places, file: Movable): Promise<boolean> {
  const copied = async function* () {
    let n = 0;
    for await (const chunk of inChunks(store.read(file.id), [])) {
      await rows.call('select api.append_returning_chunk($1, $2, $3)', [file.id, n, chunk]);
      n += 1;
      yield chunk;
    }
  };
  await compare(copied(), file);
  const values = [file.id, file.object_key];
  return switched(rows, 'select api.move_to_database($1, $2) as moved', values);
}

async function switched({ call }: Rows, text: string, values: unknown[]): Promise<boolean> {
  return (await call<{ moved: boolean }>(text, values))[0]?.moved ?? false;
}

async function compare(bytes: AsyncIterable<Uint8Array>, file: Movable): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of bytes) hash.update(piece);
  if (hash.digest('hex') !== file.sha256)
    throw new Error(`File ${file.id} is not what was once stored: its SHA-256 differs.`);
}
