import type { Config } from '../config.ts';
import { call } from '../postgres/call.ts';
import { ofFiles } from '../process/connections.ts';
import type { BlobStat, BlobStore, ByteRange } from './blob_store.ts';
import { type Bucket, openBucket } from './bucket.ts';
import { readChunks, writeChunks } from './chunk_rows.ts';
import { patiently } from './patiently.ts';
import { openRows } from './rows.ts';
import { readObject, writeObject } from './s3.ts';

type Found = BlobStat & { objectKey: string | null };

const linkSeconds = 3_600;

/**
 * The files of a database. Their rows are authoritative; their bytes are in chunks beside them or in objects
 * of a bucket. A file is read from where its row says. Both places may be in use at the same time.
 *
 * @param o.bucket without it, files in objects cannot be read
 * @param o.writeTo where new files go
 * @param o.presign whether publicUrl may hand out addresses of the bucket
 */
export function openBlobStore(
  databaseUrl: string,
  o: {
    connections?: number;
    bucket?: Bucket;
    writeTo?: 'postgres' | 's3';
    presign?: boolean;
  } = {},
): BlobStore {
  const rows = openRows(databaseUrl, o.connections);
  const bucketOf = (id: string): Bucket => {
    if (o.bucket) return o.bucket;
    throw new Error(`The bytes of blob ${id} are in object storage: set the S3_ variables.`);
  };

  async function find(id: string): Promise<Found | null> {
    const row = await call(rows, 'stat_blob', { blob_id: id });
    if (!row) return null;
    const { sha256, content_type: contentType, object_key: objectKey } = row;
    return { size: Number(row.size), sha256, contentType, objectKey };
  }

  async function* read(
    id: string,
    range?: ByteRange,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    let blob = await patiently(() => find(id), signal);
    if (!blob) throw new Error(`There is no complete blob ${id}.`);
    const end = Math.min(range?.end ?? Number.POSITIVE_INFINITY, blob.size - 1);
    let position = range?.start ?? 0;
    for (;;) {
      const bytes =
        blob.objectKey === null
          ? readChunks(rows, id, position, end, signal)
          : readObject(bucketOf(id), blob.objectKey, position, end, signal);
      try {
        for await (const piece of bytes) {
          position += piece.length;
          yield piece;
        }
        return;
      } catch (error) {
        // The file may have moved while it was read, and then the rest is in the other place.
        const now = signal?.aborted ? null : await patiently(() => find(id), signal);
        if (!now || now.objectKey === blob.objectKey) throw error;
        blob = now;
      }
    }
  }

  return {
    write: (source, options) =>
      o.writeTo === 's3' && o.bucket
        ? writeObject(rows, o.bucket, source, options)
        : writeChunks(rows, source, options),
    read,
    stat: async (id) => {
      const found = await find(id);
      if (!found) return null;
      const { objectKey: _, ...stat } = found;
      return stat;
    },
    discard: async (ids) => {
      if (ids.length > 0) await call(rows, 'discard_blobs', { blob_ids: ids });
    },
    publicUrl: async (id, { downloadAs, secondsLeft = linkSeconds } = {}) => {
      if (!o.presign || !o.bucket) return undefined;
      const blob = await find(id);
      if (!blob?.objectKey) return undefined;
      const { contentType } = blob;
      const seconds = Math.max(1, Math.min(linkSeconds, secondsLeft));
      return o.bucket.link(blob.objectKey, seconds, { contentType, downloadAs });
    },
    close: rows.close,
  };
}

/** Opens the store that the settings describe. */
export const configuredBlobStore = (
  {
    blobStore,
    bucket,
    s3Public,
    databasePoolSize,
  }: Pick<Config, 'blobStore' | 'bucket' | 's3Public' | 'databasePoolSize'>,
  databaseUrl: string,
  connections = ofFiles(databasePoolSize),
): BlobStore =>
  openBlobStore(databaseUrl, {
    connections,
    bucket: bucket && openBucket(bucket),
    writeTo: blobStore,
    presign: s3Public === 'presign',
  });
