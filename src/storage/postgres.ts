import { createHash } from 'node:crypto';
import pg from 'pg';
import { databaseUnavailable } from '../errors.ts';
import { ImpatientClient, impatient } from '../impatient_client.ts';
import type { BlobStat, BlobStore, ByteRange, WriteOptions, WrittenBlob } from './blob_store.ts';
import { chunkBytes, inChunks } from './chunks.ts';

// Chunks of one file on their way to Postgres at a time: enough to hide the round trip, few enough
// that a hundred uploads hold little memory.
const chunksInFlight = 3;

/**
 * Files as rows of 256 KiB. `pg` and not postgres.js, because it sends bytea in binary: half the
 * bytes, a fifth of the processor time.
 */
export function postgresBlobStore(databaseUrl: string, connections = 6): BlobStore {
  const pool = new pg.Pool({
    ...impatient,
    Client: ImpatientClient,
    connectionString: databaseUrl,
    max: connections,
    application_name: 'vidgen blobs',
  });
  // An idle connection that breaks is replaced by the next query, which also tells its caller.
  pool.on('error', () => {});

  /** Calls an api function; each statement is prepared once a connection. */
  async function call<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
  ): Promise<Row[]> {
    try {
      return (await pool.query<Row>({ name: text, text, values })).rows;
    } catch (error) {
      // What is not an answer of Postgres is a connection that failed.
      throw error instanceof pg.DatabaseError ? error : databaseUnavailable(error);
    }
  }

  async function write(
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
      await discard([id]).catch(() => {});
      throw error;
    }
  }

  async function* read(
    id: string,
    range?: ByteRange,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const blob = await stat(id);
    if (!blob) throw new Error(`There is no whole blob ${id}.`);
    const end = Math.min(range?.end ?? Number.POSITIVE_INFINITY, blob.size - 1);
    let position = range?.start ?? 0;
    const fetchNext = () => {
      const n = Math.floor(position / chunkBytes);
      const skip = position % chunkBytes;
      const take = Math.min(chunkBytes - skip, end + 1 - position);
      position += take;
      const part = readPart(id, n, skip, take);
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

  async function readPart(id: string, n: number, skip: number, take: number): Promise<Buffer> {
    const text = 'select api.read_blob_chunk($1, $2, $3, $4) as bytes';
    const [row] = await call<{ bytes: Buffer | null }>(text, [id, n, skip, take]);
    const bytes = row?.bytes;
    if (bytes?.length !== take) throw new Error(`Chunk ${n} of blob ${id} is missing or short.`);
    return bytes;
  }

  async function stat(id: string): Promise<BlobStat | null> {
    const [row] = await call<{
      size: string;
      sha256: string;
      content_type: string;
      created_at: Date;
    }>('select * from api.stat_blob($1)', [id]);
    if (!row) return null;
    const { sha256, content_type: contentType, created_at: createdAt } = row;
    return { size: Number(row.size), sha256, contentType, createdAt };
  }

  async function discard(ids: string[]): Promise<void> {
    if (ids.length > 0) await call('select api.discard_blobs($1)', [ids]);
  }

  return { write, read, stat, discard, close: () => pool.end() };
}
