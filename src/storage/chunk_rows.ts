import { createHash } from 'node:crypto';
import { call } from '../postgres/call.ts';
import type { WriteOptions, WrittenBlob } from './blob_store.ts';
import { chunkBytes, inChunks } from './chunks.ts';
import { patiently } from './patiently.ts';
import type { Rows } from './rows.ts';

// How many chunks of a file are on their way to Postgres at a time: enough to hide the round trip, few enough
// that a hundred uploads hold little memory.
const chunksInFlight = 3;

/** As BlobStore.write: stores a file as rows of 256 KiB. */
export async function writeChunks(
  rows: Rows,
  source: AsyncIterable<Uint8Array>,
  { processId, contentType, signal }: WriteOptions,
): Promise<WrittenBlob> {
  signal?.throwIfAborted();
  const begun = { process_id: processId, content_type: contentType };
  let id: string | undefined;
  const hash = createHash('sha256');
  const sending = new Set<Promise<unknown>>();
  const spare: Buffer[] = [];
  let size = 0;
  let n = 0;
  let failure: { cause: unknown } | undefined;
  try {
    for await (const chunk of inChunks(source, spare)) {
      signal?.throwIfAborted();
      if (n === 0 && chunk.length < chunkBytes) return await storeWhole(rows, chunk, begun);
      id ??= await call(rows, 'begin_blob', begun);
      const sent = call(rows, 'append_blob_chunk', { blob_id: id, n, bytes: chunk })
        .then(
          () => spare.push(chunk),
          (cause: unknown) => {
            failure ??= { cause };
          },
        )
        .finally(() => sending.delete(sent));
      sending.add(sent);
      hash.update(chunk);
      size += chunk.length;
      n += 1;
      if (sending.size >= chunksInFlight) await Promise.race(sending);
      if (failure) break;
    }
    await Promise.all(sending);
    if (failure) throw failure.cause;
    signal?.throwIfAborted();
    id ??= await call(rows, 'begin_blob', begun);
    const sha256 = hash.digest();
    await call(rows, 'finish_blob', { blob_id: id, size, sha256 });
    return { id, size, sha256: sha256.toString('hex') };
  } catch (error) {
    // A chunk that arrives after the discard finds no blob, so nothing is left behind.
    if (id) await call(rows, 'discard_blobs', { blob_ids: [id] }).catch(() => {});
    throw error;
  }
}

async function storeWhole(
  rows: Rows,
  bytes: Buffer,
  begun: { process_id: number; content_type: string },
): Promise<WrittenBlob> {
  const sha256 = createHash('sha256').update(bytes).digest();
  const id = await call(rows, 'store_blob', { ...begun, bytes, sha256 });
  return { id, size: bytes.length, sha256: sha256.toString('hex') };
}

/** The bytes from start to end, both included. Throws when a chunk is missing or short. */
export async function* readChunks(
  rows: Rows,
  id: string,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const readPart = async (n: number, skip: number, take: number): Promise<Buffer> => {
    const read = () => call(rows, 'read_blob_chunk', { blob_id: id, n, skip, take });
    const bytes = await patiently(read, signal);
    if (bytes?.length !== take) throw new Error(`Chunk ${n} of blob ${id} is missing or short.`);
    return bytes;
  };
  let position = start;
  const fetchNext = () => {
    const n = Math.floor(position / chunkBytes);
    const skip = position % chunkBytes;
    const take = Math.min(chunkBytes - skip, end + 1 - position);
    position += take;
    const part = readPart(n, skip, take);
    // Fetched ahead: a consumer that stops before this chunk must not crash the process.
    part.catch(() => {});
    return part;
  };
  let ahead = position <= end ? fetchNext() : undefined;
  while (ahead) {
    const bytes: Buffer = await ahead;
    signal?.throwIfAborted();
    ahead = position <= end ? fetchNext() : undefined;
    yield bytes;
  }
}
