import { sql } from 'kysely';
import { createKey } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';
import type { Fleet, Process } from './fleet.ts';

export type Crowd = {
  /** From the start of the first to the end of the last. */
  seconds: number;
  statuses: Record<string, number>;
  /** The largest number of places by which a job began later than it arrived. */
  overtaken: number;
};

/** Submits with this many keys at the same moment; resolves when all jobs are accepted. */
export async function submitAtOnce(fleet: Fleet, web: Process, count: number): Promise<void> {
  const client = fleet.client(web);
  const inputs = await tinyInputs();
  const keys = [];
  for (let n = 0; n < count; n++) keys.push(await createKey(fleet.db));
  const statuses = await Promise.all(
    keys.map(async (key) => (await client.submit(key, inputs)).status),
  );
  const refused = statuses.filter((status) => status !== 201);
  if (refused.length > 0) throw new Error(`${refused.length} were refused: ${refused[0]}`);
}

/** Waits until all jobs have ended; returns the order in which they began. */
export async function untilServed(fleet: Fleet): Promise<Crowd> {
  await until(
    'all have ended',
    async () => {
      const active = sql`select from vidgen.job where status in ('PENDING', 'PROCESSING') limit 1`;
      return (await fleet.db.run(active)).length === 0;
    },
    600_000,
  );
  return served(fleet);
}

/** The current order: jobs that have not begun come last, by arrival. */
export async function served(fleet: Fleet): Promise<Crowd> {
  const jobs = await fleet.db.run(sql<{ status: string; late: number; seconds: number }>`
    select status,
      (row_number() over (order by started_at, created_at) - row_number() over (order by created_at))::int as late,
      extract(epoch from max(finished_at) over () - min(started_at) over ())::float8 as seconds
    from vidgen.job`);
  const statuses: Record<string, number> = {};
  for (const { status } of jobs) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    seconds: jobs[0]?.seconds ?? 0,
    statuses,
    overtaken: Math.max(...jobs.map((job) => job.late)),
  };
}
