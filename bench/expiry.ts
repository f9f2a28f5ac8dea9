import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDb } from '../src/postgres/db.ts';
import { createFleet, type Fleet, type Process } from '../test/chaos/fleet.ts';
import type { Cleanup } from '../test/support/database.ts';
import { createKey } from '../test/support/service.ts';
import type { Measurement } from './measurement.ts';
import { at } from './statistics.ts';

const videos = 10_000;
const quietMs = 5_000;

/** What callers notice while the videos of many jobs expire. */
export async function benchExpiry(t: Cleanup, databaseUrl: string): Promise<Measurement[]> {
  const fleet = await createFleet(t, { databaseUrl });
  const key = await createKey(fleet.db);
  const db = openDb(databaseUrl, { max: 1, deadlineMs: 300_000 });
  t.after(() => db.close());
  await db.run(sql`
    with made as (
      insert into vidgen.job (api_key_id, status, progress, share_token, created_at, finished_at)
      select ${key.id}, 'COMPLETED', 100, n::text, now() - interval '40 days', now() - interval '40 days'
      from generate_series(1, ${videos}::int) n returning id),
    kept as (
      insert into vidgen.blob (process_id, job_id, api_key_id, kind, content_type, size, sha256, created_at)
      select 0, id, ${key.id}, 'video', 'video/mp4', 16384, '', now() - interval '40 days' from made returning id)
    insert into vidgen.blob_chunk (blob_id, n, bytes)
    select id, n, decode(repeat('ab', 4096), 'hex') from kept, generate_series(0, 3) n`);
  await db.run(sql`insert into vidgen.storage values (${key.id}, ${videos * 16_384})`);
  const web = await fleet.web();
  const { id: jobId } = (await fleet.db.first(
    sql<{ id: string }>`select id from vidgen.job order by id desc limit 1`,
  )) as { id: string };
  const ask = () => latency(fleet, web, key.apiKey, jobId);
  for (let n = 0; n < 500; n++) await ask();

  const quiet: number[] = [];
  for (const until = performance.now() + quietMs; performance.now() < until; )
    quiet.push(await ask());
  // Started only now, because it tidies every minute.
  const worker = await fleet.worker();
  await fleet.db.run(sql`select graphile_worker.add_job('tidy', job_key => 'tidy')`);
  const from = performance.now();
  const busy: number[] = [];
  const left = sql`select from vidgen.job where media_expired_at is null limit 1`;
  while ((await fleet.db.run(left)).length > 0) {
    for (let n = 0; n < 50; n++) busy.push(await ask());
  }
  const seconds = (performance.now() - from) / 1_000;
  worker.kill('SIGTERM');
  await worker.exited;
  return [0.5, 0.95].map((share) => ({
    name: `p${share * 100} of a status while ${videos} videos are deleted, of that before`,
    value: Number((at(busy, share) / at(quiet, share)).toFixed(2)),
    unit: 'ratio',
    must: 2,
    note: `${at(quiet, share).toFixed(1)} ms before, ${at(busy, share).toFixed(1)} ms meanwhile; deleted in ${seconds.toFixed(0)} s`,
  }));
}

async function latency(fleet: Fleet, web: Process, apiKey: string, jobId: string): Promise<number> {
  const from = performance.now();
  const response = await fleet.client(web).call(`/api/status/${jobId}`, apiKey);
  await response.text();
  if (response.status !== 200) throw new Error(`A status was answered with ${response.status}.`);
  const took = performance.now() - from;
  await delay(2);
  return took;
}
