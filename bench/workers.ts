import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { call } from '../src/postgres/call.ts';
import { submitAtOnce } from '../test/chaos/crowd.ts';
import { createFleet, type Fleet, type Process } from '../test/chaos/fleet.ts';
import { databaseOn, onServer, type TestServer } from '../test/support/server.ts';
import { createKey } from '../test/support/service.ts';
import { tinyInputs } from '../test/support/tiny_inputs.ts';
import { untilRow } from '../test/support/until.ts';
import { cpuOf, cpuOfPostgres } from './cpu.ts';
import type { Measurement } from './measurement.ts';
import { workFor } from './queue_window.ts';
import { at, median } from './statistics.ts';

// Limited by time, because a machine may be slow.
const crowd = 150;
const workMs = 10_000;
const waitMs = 12_000;
const idleMs = 12_000;

/** One API process with one worker and then two, that make one tiny video at a time each. */
export async function benchWorkers(server: TestServer): Promise<Measurement[]> {
  const name = 'vidgen_workers';
  await onServer(server.url, `create database ${name} template ${server.template}`);
  const cleaners: (() => unknown)[] = [];
  try {
    const databaseUrl = databaseOn(server.url, name);
    const fleet = await createFleet({ after: (clean) => cleaners.push(clean) }, { databaseUrl });
    const web = await fleet.web();
    const worker = await fleet.worker();
    const idle = await idleCost(fleet, [web, worker]);
    const waiting = await queueLatency(fleet, web);
    const one = await jobsAMinute(fleet, web);
    await fleet.worker();
    const two = await jobsAMinute(fleet, web);
    return [
      {
        name: 'jobs a minute, one worker',
        value: one.perMinute,
        unit: '/min',
        note: 'tiny files, one slot',
      },
      { name: 'jobs a minute, two workers', value: two.perMinute, unit: '/min' },
      {
        ...{ name: 'two workers, of one', value: two.perMinute / one.perMinute, unit: 'ratio' },
        aim: 1.6,
      },
      {
        ...{
          name: 'CPU of PostgreSQL for a job, from POST to COMPLETED',
          value: two.cpu,
          unit: 'ms',
        },
        must: 35,
      },
      ...waiting,
      ...idle,
    ];
  } finally {
    for (const clean of cleaners.reverse()) await clean();
    await onServer(server.url, `drop database if exists ${name} with (force)`);
  }
}

async function jobsAMinute(fleet: Fleet, web: Process) {
  const { db } = fleet;
  await call(db, 'admin.pause_queue');
  // The window is from the first start to the last end of all jobs there are.
  await db.run(sql`delete from vidgen.job`);
  const before = await cpuOfPostgres(db);
  await submitAtOnce(fleet, web, crowd);
  const submitted = await cpuOfPostgres(db);
  const { jobs, seconds } = await workFor(db, workMs);
  const worked = await cpuOfPostgres(db);
  await call(db, 'admin.resume_queue');
  const cpu = 1_000 * ((submitted - before) / crowd + (worked - submitted) / jobs);
  return { perMinute: Math.round((60 * jobs) / seconds), cpu };
}

/** From the answer of a POST to PROCESSING while the worker has nothing else to do. */
async function queueLatency(fleet: Fleet, web: Process): Promise<Measurement[]> {
  const client = fleet.client(web);
  const { image, audio } = await tinyInputs();
  // A sound without length fails quickly: what happens after PROCESSING is not measured here.
  const inputs = { image, audio: audio.slice(0, 44) };
  const key = await createKey(fleet.db);
  const times: number[] = [];
  for (const until = performance.now() + waitMs; performance.now() < until; ) {
    const response = await client.submit(key, inputs);
    const answeredAt = performance.timeOrigin + performance.now();
    const { jobId } = (await response.json()) as { jobId: string };
    const { ms } = await untilRow(
      'the job has ended',
      fleet.db,
      sql<{ ms: number }>`
        select (extract(epoch from started_at) * 1000)::float8 as ms from vidgen.job
        where id = ${jobId} and status = 'FAILED'`,
    );
    times.push(ms - answeredAt);
  }
  const note = `${times.length} jobs, one after the other, with an idle worker`;
  return [
    { name: 'from the answer of POST to PROCESSING, p50', value: median(times), unit: 'ms', note },
    { name: 'from the answer of POST to PROCESSING, p99', value: at(times, 0.99), unit: 'ms' },
  ];
}

/** What an idle system asks of its database, and what it takes from the machine. */
async function idleCost(fleet: Fleet, processes: Process[]): Promise<Measurement[]> {
  const ended = async () => {
    const row = await fleet.db.first(sql<{ n: number }>`
      select (xact_commit + xact_rollback)::int as n from pg_stat_database where datname = current_database()`);
    return row?.n ?? 0;
  };
  const cpu = () => Promise.all(processes.map(({ pid }) => cpuOf(pid)));
  // Queries from the start are counted a second later.
  await delay(2_000);
  const [before, cpuBefore, serverBefore] = [
    await ended(),
    await cpu(),
    await cpuOfPostgres(fleet.db),
  ];
  await delay(idleMs);
  const [after, cpuAfter, serverAfter] = [
    await ended(),
    await cpu(),
    await cpuOfPostgres(fleet.db),
  ];
  const seconds = idleMs / 1_000;
  const share = (used: number) => `${((100 * used) / seconds).toFixed(1)} %`;
  const [web = 0, worker = 0] = cpuAfter.map((used, n) => used - (cpuBefore[n] ?? 0));
  return [
    {
      name: 'queries a second of an idle system: one web, one worker',
      // Excludes our own: the three after the first count.
      value: (after - before - 3) / seconds,
      unit: '/s',
      note: `of a core: web ${share(web)}, worker ${share(worker)}, PostgreSQL ${share(serverAfter - serverBefore)}`,
    },
  ];
}
