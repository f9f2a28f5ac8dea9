import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { call } from '../postgres/call.ts';
import type { WriteOptions, WrittenBlob } from './blob_store.ts';
import type { Bucket } from './bucket.ts';
import { inChunks } from './chunks.ts';
import type { Rows } from './rows.ts';

/**
 * The smallest part that S3 accepts, and the largest piece of a file in memory: one part is filled while
 * another is sent. Ten thousand parts, the maximum, are 50 GB.
 */
export const partBytes = 5 * 1024 * 1024;

const readTries = 3;

/** As BlobStore.write. Whatever a failed write leaves in the bucket is in the trash from then on. */
export async function writeObject(
  rows: Rows,
  bucket: Bucket,
  source: AsyncIterable<Uint8Array>,
  { processId, contentType, signal }: WriteOptions,
): Promise<WrittenBlob> {
  signal?.throwIfAborted();
  const begun = { process_id: processId, content_type: contentType };
  const { id, object_key: key } = await call(rows, 'begin_object', begun);
  try {
    const { size, sha256 } = await putObject(bucket, key, source, { contentType, signal });
    signal?.throwIfAborted();
    await call(rows, 'finish_object', { blob_id: id, size, sha256 });
    return { id, size, sha256: sha256.toString('hex') };
  } catch (error) {
    await call(rows, 'give_up_object', { object_key: key }).catch(() => {});
    throw error;
  }
}

/**
 * Streams into an object: a small one at once, a larger one in parts. The object appears complete or not at
 * all.
 */
export async function putObject(
  bucket: Bucket,
  key: string,
  source: AsyncIterable<Uint8Array>,
  { contentType, signal }: { contentType: string; signal?: AbortSignal },
): Promise<{ size: number; sha256: Buffer }> {
  const hash = createHash('sha256');
  const spare: Buffer[] = [];
  const tags: string[] = [];
  let size = 0;
  let first: Buffer | undefined;
  let upload: string | undefined;
  let sending: Promise<unknown> | undefined;
  const send = async (part: Buffer) => {
    await sending;
    signal?.throwIfAborted();
    upload ??= await bucket.beginUpload(key, contentType, signal);
    const number = tags.push('');
    const sent = bucket.putPart(key, upload, number, part, signal).then((tag) => {
      tags[number - 1] = tag;
      spare.push(part);
    });
    // Awaited before the next part, or at the end.
    sent.catch(() => {});
    sending = sent;
  };
  try {
    for await (const part of inChunks(source, spare, partBytes)) {
      hash.update(part);
      size += part.length;
      if (size === part.length) first = part;
      else {
        if (first) await send(first);
        first = undefined;
        await send(part);
      }
    }
    await sending;
  } finally {
    // No more data may arrive once the caller knows.
    await sending?.catch(() => {});
  }
  signal?.throwIfAborted();
  if (upload) await bucket.completeUpload(key, upload, tags, size, signal);
  else await bucket.put(key, first ?? Buffer.alloc(0), contentType, signal);
  return { size, sha256: hash.digest() };
}

/** The bytes from start to end, both included; after a broken connection it continues where it stopped. */
export async function* readObject(
  bucket: Bucket,
  key: string,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let position = start;
  let tries = 0;
  while (position <= end) {
    try {
      for await (const bytes of await bucket.get(key, position, end, signal)) {
        signal?.throwIfAborted();
        position += bytes.length;
        tries = 0;
        yield bytes;
      }
      if (position <= end) throw new Error(`Object ${key} ended early.`);
    } catch (error) {
      tries += 1;
      // A status, or a missing answer, has been retried already.
      const isFinal = typeof (error as { status?: unknown }).status === 'number';
      if (signal?.aborted || isFinal || tries === readTries) throw error;
      await delay(100 * tries, undefined, { signal });
    }
  }
}
