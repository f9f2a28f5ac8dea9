import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDb } from '../src/db.ts';
import { submitAtOnce, untilServed } from '../test/chaos/crowd.ts';
import { createFleet, type Fleet, type Process } from '../test/chaos/fleet.ts';
import { tinyInputs } from '../test/chaos/inputs.ts';
import type { Cleanup } from '../test/support/database.ts';
import { databaseOn, onServer, startTestServer } from '../test/support/server.ts';
import { createKey } from '../test/support/service.ts';

type Measure = {
  name: string;
  value: number;
  unit: string;
  must?: number;
  aim?: number;
  note?: string;
};

const crowd = 500;
const soakJobs = Number(process.env.SOAK_JOBS ?? 300);
const videos = 10_000;

/**
 * Many at once, many in a row, and many that expire: with real API and worker processes. Takes some
 * minutes; SOAK_JOBS (300) says how many jobs one worker does in a row.
 */
export async function benchLoad(): Promise<Measure[]> {
  const postgres = await startTestServer();
  const databaseUrl = databaseOn(postgres.url, 'vidgen_load');
  try {
    const measured: Measure[] = [];
    for (const measure of [benchCrowd, benchSoak, benchExpiry]) {
      await onServer(postgres.url, `create database vidgen_load template ${postgres.template}`);
      const cleaners: (() => unknown)[] = [];
      try {
        measured.push(...(await measure({ after: (clean) => cleaners.push(clean) }, databaseUrl)));
      } finally {
        for (const clean of cleaners.reverse()) await clean();
        await onServer(postgres.url, 'drop database vidgen_load with (force)');
      }
    }
    return measured;
  } finally {
    await postgres.stop();
  }
}

async function benchCrowd(t: Cleanup, databaseUrl: string): Promise<Measure[]> {
  const fleet = await createFleet(t, { databaseUrl });
  await submitAtOnce(fleet, await fleet.web(), crowd);
  await Promise.all([fleet.worker(), fleet.worker()]);
  const { seconds, statuses, overtaken } = await untilServed(fleet);
  const note = `two workers, one slot each; ${(crowd / seconds).toFixed(1)} jobs a second`;
  return [
    {
      name: `completed jobs of ${crowd} keys that submit at once`,
      value: statuses.COMPLETED ?? 0,
      unit: 'jobs',
      must: crowd,
      note,
    },
    {
      name: 'places by which the most overtaken of them lost',
      value: overtaken,
      unit: 'jobs',
      must: 2,
    },
  ];
}

async function benchSoak(t: Cleanup, databaseUrl: string): Promise<Measure[]> {
  const fleet = await createFleet(t, { databaseUrl });
  const worker = await fleet.worker({ RENDER_CONCURRENCY: '2' });
  const keys = [];
  for (let n = 0; n < 20; n++) keys.push(await createKey(fleet.db));
  const memory: number[] = [];
  for (let done = 0; done < soakJobs; done += keys.length) {
    for (const [n, { id }] of keys.entries()) await fleet.createJob(id, await tinyInputs(done + n));
    await untilServed(fleet);
    memory.push(await residentMegabytes(worker));
  }
  // After the first fifth the heap has found its size; the median of a tenth, for it breathes.
  const early = median(slice(memory, 0.2, 0.3));
  const late = median(slice(memory, 0.9, 1));
  return [
    {
      name: `worker memory after ${soakJobs} jobs, of that after a fifth of them`,
      value: Number((late / early).toFixed(2)),
      unit: 'ratio',
      must: 1.2,
      note: `${early} MB, then ${late} MB`,
    },
  ];
}

async function benchExpiry(t: Cleanup, databaseUrl: string): Promise<Measure[]> {
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
  const worker = await fleet.worker();
  const { id: jobId } = (await fleet.db.first(
    sql<{ id: string }>`select id from vidgen.job order by id desc limit 1`,
  )) as { id: string };
  const ask = () => latency(fleet, web, key.apiKey, jobId);
  for (let n = 0; n < 500; n++) await ask();

  const quiet: number[] = [];
  for (const until = performance.now() + 8_000; performance.now() < until; )
    quiet.push(await ask());
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
  const p = (times: number[], share: number) =>
    slice(
      times.toSorted((a, b) => a - b),
      share,
      share + 0.001,
    )[0] as number;
  return [0.5, 0.95].map((share) => ({
    name: `p${share * 100} of a status while ${videos} videos are deleted, of that before`,
    value: Number((p(busy, share) / p(quiet, share)).toFixed(2)),
    unit: 'ratio',
    must: 2,
    note: `${p(quiet, share).toFixed(1)} ms before, ${p(busy, share).toFixed(1)} ms meanwhile; deleted in ${seconds.toFixed(0)} s`,
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

async function residentMegabytes({ pid }: Process): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024);
}

const slice = (numbers: number[], from: number, to: number): number[] =>
  numbers.slice(
    Math.min(numbers.length - 1, Math.floor(numbers.length * from)),
    Math.max(1, Math.ceil(numbers.length * to)),
  );

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
