import { sql } from 'kysely';
import type { Db } from '../../src/postgres/db.ts';

/**
 * Creates jobs of a key that end FAILED at once and announce it, without a worker.
 * Returns their ids.
 */
export async function endJobs(
  db: Db,
  apiKeyId: string,
  webhookUrl: string,
  count = 1,
): Promise<string[]> {
  const jobs = await db.run(sql<{ id: string }>`
    insert into vidgen.job (api_key_id, webhook_url, status, error_message, finished_at)
    select ${apiKeyId}, ${webhookUrl}, 'FAILED', 'It was not to be.', clock_timestamp()
    from generate_series(1, ${count}::int) returning id`);
  const ids = jobs.map(({ id }) => id);
  await db.run(sql`select api.announce_end(id, '') from unnest(${ids}::text[]) id`);
  return ids;
}

export async function endJob(db: Db, apiKeyId: string, webhookUrl: string): Promise<string> {
  const [id] = await endJobs(db, apiKeyId, webhookUrl);
  return id as string;
}
