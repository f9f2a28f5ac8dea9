import type { Task } from 'graphile-worker';
import { sql } from 'kysely';
import type { WorkerDeps } from './tasks.ts';

/** Once a minute: what has expired goes, what was forgotten is queued again. */
export const tidy =
  ({ db }: WorkerDeps): Task =>
  async () => {
    await db.run(sql`select api.tidy()`);
  };
