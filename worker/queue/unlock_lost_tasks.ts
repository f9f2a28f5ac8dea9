import { call } from '../../src/postgres/call.ts';
import type { WorkerDeps } from '../deps.ts';
import type { Queue } from './queue.ts';

const everyMs = 5_000;

/**
 * Frees queue rows that were locked for this process without its knowledge. May be called as often as you
 * like.
 */
export function createLostTaskUnlocker(
  { db, log, processId }: WorkerDeps,
  queue: Queue,
): () => void {
  let lastAt = performance.now();
  return () => {
    if (performance.now() - lastAt < everyMs) return;
    lastAt = performance.now();
    call(db, 'unlock_lost_tasks', { process_id: processId, running: queue.running() }).then(
      (freed) => freed > 0 && log.warn({ freed }, 'freed queue rows that nothing was running'),
      (err) => log.warn({ err }, 'could not look for queue rows that nothing is running'),
    );
  };
}
