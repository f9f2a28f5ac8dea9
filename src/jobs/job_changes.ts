import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { Functions } from '../postgres/api.types.ts';
import { call } from '../postgres/call.ts';
import type { Db } from '../postgres/db.ts';
import { createWatcher, type Snapshot, type Watch, type Watcher } from './job_watch.ts';

type Row = Functions['get_job_statuses']['returns'][number];

const retryMs = 500;

/**
 * Tells watchers of a job about its changes. A message carries only an id, so a lost or repeated one does no
 * harm. All jobs named by messages since the last read are read together, once for any number of watchers. A
 * failed read is repeated until it succeeds.
 *
 * @param pollMs how often all watched jobs are read without a message, in case messages are lost
 */
export function createJobChanges(db: Db, publicUrl: string, log: Log, pollMs = 10_000) {
  const watchers = new Map<string, Set<Watcher>>();
  const toRead = new Set<string>();
  let reading = false;
  let closed = false;

  async function readAll(): Promise<void> {
    while (toRead.size > 0 && !closed) {
      const ids = [...toRead].filter((id) => watchers.has(id));
      toRead.clear();
      if (ids.length === 0) return;
      try {
        tell(ids, await read(ids));
      } catch (err) {
        log.warn({ err }, 'could not read the watched jobs; trying again');
        for (const id of ids) toRead.add(id);
        await delay(retryMs);
      }
    }
  }

  const read = (ids: string[]) =>
    call(db, 'get_job_statuses', { job_ids: ids, public_url: publicUrl });

  function tell(ids: string[], rows: Row[]): void {
    const snapshots = new Map(
      rows.map((row) => [
        row.job_id,
        { status: row.status, updatedAt: row.updated_at, body: row.body },
      ]),
    );
    for (const id of ids) {
      const snapshot = snapshots.get(id);
      for (const watcher of watchers.get(id) ?? []) {
        if (snapshot) watcher.offer(snapshot);
        else watcher.end();
      }
    }
  }

  function readSoon(ids: Iterable<string>): void {
    for (const id of ids) toRead.add(id);
    if (reading) return;
    reading = true;
    void readAll().finally(() => {
      reading = false;
      // A message may have named more jobs since the last read began.
      if (toRead.size > 0 && !closed) readSoon([]);
    });
  }

  const changes = {
    changed(jobId: string): void {
      if (watchers.has(jobId)) readSoon([jobId]);
    },
    /** The listening connection was down, so every watched job must be read again. */
    missed(): void {
      if (watchers.size > 0) readSoon(watchers.keys());
    },
    /** Watches a job that the caller may see and last saw as `first`. */
    watch(jobId: string, first: Snapshot): Watch {
      const watcher = createWatcher(first, () => {
        ofJob.delete(watcher);
        if (ofJob.size === 0 && watchers.get(jobId) === ofJob) watchers.delete(jobId);
      });
      const ofJob = watchers.get(jobId) ?? new Set<Watcher>();
      watchers.set(jobId, ofJob.add(watcher));
      if (closed) watcher.end();
      // Catches changes since the first was read.
      else readSoon([jobId]);
      return watcher;
    },
    /** How many jobs are watched. */
    get size(): number {
      return watchers.size;
    },
    close(): void {
      closed = true;
      clearInterval(poll);
      for (const ofJob of watchers.values()) for (const watcher of ofJob) watcher.end();
    },
  };
  const poll = setInterval(changes.missed, pollMs).unref();
  return changes;
}

export type JobChanges = ReturnType<typeof createJobChanges>;
