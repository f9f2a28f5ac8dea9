import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { call } from '../src/postgres/call.ts';
import type { Db } from '../src/postgres/db.ts';
import { untilRow } from '../test/support/until.ts';

/**
 * Lets the workers start jobs of a paused queue for this long, and waits for the jobs they have started.
 * Returns how many they completed, and the seconds from the first start to the last end.
 */
export async function workFor(db: Db, ms: number): Promise<{ jobs: number; seconds: number }> {
  await call(db, 'admin.resume_queue');
  await delay(ms);
  await call(db, 'admin.pause_queue');
  return untilRow(
    'the jobs that were begun have ended',
    db,
    sql<{ jobs: number; seconds: number }>`
      select count(*) filter (where status = 'COMPLETED')::int as jobs,
        extract(epoch from max(finished_at) - min(started_at))::float8 as seconds
      from vidgen.job having count(*) filter (where status = 'PROCESSING') = 0`,
  );
}
