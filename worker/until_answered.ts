import { setTimeout as delay } from 'node:timers/promises';
import { isAway } from '../src/postgres/away.ts';
import type { WorkerDeps } from './deps.ts';

/**
 * The work is done and only Postgres does not know, so this keeps telling it for as long as this process
 * counts as alive. If the answer to a write was lost, the fence refuses the second try, the task throws, and
 * its next run finds nothing to claim.
 */
export async function untilAnswered<Result>(
  { lost, log }: WorkerDeps,
  write: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isAway(error) || lost.aborted) throw error;
      log.warn({ err: error }, 'Postgres is unavailable; holding the result');
      await delay(500);
    }
  }
}
