import { createHash } from 'node:crypto';
import type { WriteOptions, WrittenBlob } from './blob_store.ts';
import { chunkBytes, inChunks } from './chunks.ts';
import type { Rows } from './rows.ts';

// Chunks of one file on their way to Postgres at a time: enough to hide the round trip, few enough
// that a hundred uploads hold little memory.
const chunksInFlight = 3;

/** As BlobStore.write: a file as rows of 256 KiB. */
export async function writeChunks(
  { call }: Rows,
  source: AsyncIterable<Uint8Array>,
  { processId, contentType, signal }: WriteOptions,
): Promise<WrittenBlob> {
  signal?.throwIfAborted();
  const [begun] = await call<{ id: string }>('select api.begin_blob($1, $2) as id', [
    processId,
    contentType,
  ]);
  const { id } = begun as { id: string };
  const hash = createHash('sha256');
  const sending = new Set<Promise<unknown>>();
  const spare: Buffer[] = [];
  let size = 0;
  let n = 0;
  let failure: { cause: unknown } | undefined;
  try {
    for await (const chunk of inChunks(source, spare)) {
      signal?.throwIfAborted();
      const sent = call('select api.append_blob_chunk($1, $2, $3)', [id, n, chunk])
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
    const sha256 = hash.digest();
    await call('select api.finish_blob($1, $2, $3)', [id, size, sha256]);
    return { id, size, sha256: sha256.toString('hex') };
  } catch (error) {
    // A chunk that arrives after the discard finds no blob to belong to, so nothing can come late.
    await call('select api.discard_blobs($1)', [[id]]).catch(() => {});
    throw error;
  }
}

/** The bytes from start to end, both included. Throws when a chunk is missing or short. */
export async function* readChunks(
  { call }: Rows,
  id: string,
  start: number,
  end: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const readPart = async (n: number, skip: number, take: number): Promise<Buffer> => {
    const text = 'select api.read_blob_chunk($1, $2, $3, $4) as bytes';
    const [row] = await call<{ bytes: Buffer | null }>(text, [id, n, skip, take]);
    const bytes = row?.bytes;
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
    // Fetched ahead: a consumer that stops before it asks for this one must not crash the process.
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
