import { call } from '../../src/postgres/call.ts';
import type { Db } from '../../src/postgres/db.ts';
import type { Bucket } from '../../src/storage/bucket.ts';

/** Requests to the object store at a time. */
const atATime = 10;
/** The slowest upload that is allowed takes two hours, and tidy gives up a file after six. */
const orphanHours = 7;

/** Deletes from the bucket what no file needs any more; returns how many. May be interrupted at any point. */
export async function emptyTrash(db: Db, bucket: Bucket, signal?: AbortSignal): Promise<number> {
  let removed = 0;
  for (;;) {
    const batch = await call(db, 'take_trash');
    if (batch.length === 0) return removed;
    for (let from = 0; from < batch.length; from += atATime) {
      if (signal?.aborted) return removed;
      const some = batch.slice(from, from + atATime);
      await Promise.all(
        some.map(async ({ object_key: key, unfinished }) => {
          // The upload first, so that it cannot become an object meanwhile.
          if (unfinished) await bucket.abortUploads({ key });
          await bucket.remove(key);
        }),
      );
      const keys = some.map((row) => row.object_key);
      await call(db, 'empty_trash', { object_keys: keys });
      removed += keys.length;
    }
  }
}

/**
 * Finds objects in the bucket that are in no table, one page of the bucket per call, and deletes them:
 * leftovers of processes that died at the worst moment, and objects newer than a restored backup.
 *
 * @returns the number of deleted objects and uploads, and the next page
 */
export async function removeOrphans(
  db: Db,
  bucket: Bucket,
  page?: string,
  before = new Date(Date.now() - orphanHours * 3_600_000),
): Promise<{ removed: number; next?: string }> {
  let removed = page === undefined ? await bucket.abortUploads({ before }) : 0;
  const { objects, next } = await bucket.list(page);
  const old = objects.filter((object) => object.storedAt < before).map((object) => object.key);
  const unknown = await call(db, 'unknown_objects', { object_keys: old });
  for (const key of unknown) await bucket.remove(key);
  removed += unknown.length;
  return { removed, next };
}
