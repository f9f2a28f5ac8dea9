import { createHash } from 'node:crypto';
import type { Functions } from '../postgres/api.types.ts';
import { call } from '../postgres/call.ts';
import type { BlobStore } from './blob_store.ts';
import type { Bucket } from './bucket.ts';
import { inChunks } from './chunks.ts';
import type { Rows } from './rows.ts';
import { putObject, readObject } from './s3.ts';

/** A file as api.next_to_move returns it. */
export type Movable = NonNullable<Functions['next_to_move']['returns']>;

export type Places = { rows: Rows; store: BlobStore; bucket: Bucket };

/**
 * Copies a file into the bucket, reads the copy, compares, and switches the file to it with one statement.
 * False: the file is gone. If this is interrupted, tidy deletes what is left.
 */
export async function moveToBucket({ rows, store, bucket }: Places, file: Movable) {
  const key = await call(rows, 'begin_move');
  try {
    await putObject(bucket, key, store.read(file.id), { contentType: file.content_type });
    await compare(readObject(bucket, key, 0, Number(file.size) - 1), file);
  } catch (error) {
    await call(rows, 'give_up_object', { object_key: key }).catch(() => {});
    throw error;
  }
  return call(rows, 'move_to_bucket', { blob_id: file.id, object_key: key });
}

/** Copies a file from the bucket into the database, in the same way. */
export async function moveToDatabase({ rows, store }: Places, file: Movable): Promise<boolean> {
  const copied = async function* () {
    let n = 0;
    for await (const chunk of inChunks(store.read(file.id), [])) {
      await call(rows, 'append_returning_chunk', { blob_id: file.id, n, bytes: chunk });
      n += 1;
      yield chunk;
    }
  };
  await compare(copied(), file);
  return call(rows, 'move_to_database', { blob_id: file.id, object_key: file.object_key });
}

async function compare(bytes: AsyncIterable<Uint8Array>, file: Movable): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of bytes) hash.update(piece);
  if (hash.digest('hex') !== file.sha256)
    throw new Error(`File ${file.id} is not what was once stored: its SHA-256 differs.`);
}
