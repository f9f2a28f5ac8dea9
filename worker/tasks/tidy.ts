import { setTimeout as delay } from 'node:timers/promises';
import type { Task } from 'graphile-worker';
import { call } from '../../src/postgres/call.ts';
import { openBucket } from '../../src/storage/bucket.ts';
import type { WorkerDeps } from '../deps.ts';
import { removeAbandonedFolders } from '../media/temporary.ts';
import { emptyTrash, removeOrphans } from './tidy_bucket.ts';

/**
 * A run ends before the next one starts a minute later: side by side they would compete for the same rows.
 */
const runForMs = 45_000;
/** Pause between two batches of a deletion, so that it takes no more than its share of the database. */
const pauseMs = 100;

/** Runs once a minute: removes what has expired and repairs what was forgotten. */
export const tidy = ({ db, config, log, draining }: WorkerDeps): Task => {
  const keepJobs = config.keepJobsDays * 24;
  const retention = [
    ['expire_inputs', Math.min(config.keepInputsHours, keepJobs)],
    ['expire_videos', Math.min(config.keepVideosDays * 24, keepJobs)],
    ['delete_jobs', keepJobs],
  ] as const;

  const bucket = config.bucket && openBucket(config.bucket);
  let page: string | undefined;

  return async () => {
    const enough = AbortSignal.any([draining, AbortSignal.timeout(runForMs)]);
    await removeAbandonedFolders(log);
    await call(db, 'tidy');
    for (const [name, hours] of retention) {
      let removed = 0;
      for (;;) {
        const batch = await call(db, name, { keep: `${hours} hours` });
        removed += batch;
        if (batch === 0 || enough.aborted) break;
        await delay(pauseMs);
      }
      if (removed > 0) log.info({ removed }, name);
    }
    await call(db, 'record_tidy');
    if (!bucket || enough.aborted) return;
    const emptied = await emptyTrash(db, bucket, enough);
    if (emptied > 0) log.info({ removed: emptied }, 'objects');
    const from = page;
    page = undefined;
    const { removed, next } = await removeOrphans(db, bucket, from);
    page = next;
    if (removed > 0) log.warn({ removed }, 'orphans in the bucket');
  };
};
