import { sql } from 'kysely';
import type { WorkerDeps } from '../deps.ts';
import type { Queue } from './queue.ts';

const everyMs = 5_000;

/** Frees queue rows that were locked for this process without its knowing. Call it as often as you like. */
export function createUnlocker({ db, log, processId }: WorkerDeps, queue: Queue): () => void {
  let lastAt = performance.now();
  return () => {
    if (performance.now() - lastAt < everyMs) return;
    lastAt = performance.now();
    db.first(
      sql<{ freed: number }>`select api.unlock_strays(${processId}, ${queue.running()}) as freed`,
    ).then(
      (row) => row?.freed && log.warn({ freed: row.freed }, 'queue rows were locked for nobody'),
      (err) => log.warn({ err }, 'queue rows locked for nobody could not be looked for'),
    );
  };
}
