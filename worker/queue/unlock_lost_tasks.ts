import { call } from '../../src/postgres/call.ts';
import type { WorkerDeps } from '../deps.ts';
import type { Queue } from './queue.ts';

const everyMs = 5_000;

/** Frees queue rows that were locked for this process without its knowing. Call it as often as you like. */
export function createLostTaskUnlocker(
  { db, log, processId }: WorkerDeps,
  queue: Queue,
): () => void {
  let lastAt = performance.now();
  return () => {
    if (performance.now() - lastAt < everyMs) return;
    lastAt = performance.now();
    call(db, 'unlock_lost_tasks', { process_id: processId, running: queue.running() }).then(
      (freed) => freed > 0 && log.warn({ freed }, 'queue rows were locked for nobody'),
      (err) => log.warn({ err }, 'queue rows locked for nobody could not be looked for'),
    );
  };
}
