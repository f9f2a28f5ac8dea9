import { readFile } from 'node:fs/promises';
import { call } from '../src/postgres/call.ts';
import { served, submitAtOnce, untilServed } from '../test/chaos/crowd.ts';
import { createFleet, type Fleet, type Process } from '../test/chaos/fleet.ts';
import type { Cleanup } from '../test/support/database.ts';
import { databaseOn, onServer, startTestServer } from '../test/support/server.ts';
import { createKey } from '../test/support/service.ts';
import { tinyInputs } from '../test/support/tiny_inputs.ts';
import { benchEstimates } from './estimates.ts';
import { benchExpiry } from './expiry.ts';
import type { Measurement } from './measurement.ts';
import { workFor } from './queue_window.ts';
import { median } from './statistics.ts';

const crowd = 500;
/** How long the workers render the crowd's jobs; with SOAK_JOBS until all are done. */
const crowdMs = 20_000;
/** How many jobs one worker does in a row; by default as many as it can in this time. */
const soakJobs = Number(process.env.SOAK_JOBS ?? Infinity);
const soakMs = process.env.SOAK_JOBS ? Infinity : 25_000;

/**
 * Many at once, many in a row, and many that expire: with real API and worker processes. SOAK_JOBS says
 * how many jobs one worker does in a row; 2,000 take half an hour.
 */
export async function benchLoad(): Promise<Measurement[]> {
  const postgres = await startTestServer();
  const databaseUrl = databaseOn(postgres.url, 'vidgen_load');
  try {
    const measured: Measurement[] = [];
    for (const measure of [benchCrowd, benchSoak, benchEstimates, benchExpiry]) {
      await onServer(postgres.url, `create database vidgen_load template ${postgres.template}`);
      const cleaners: (() => unknown)[] = [];
      const from = performance.now();
      try {
        measured.push(...(await measure({ after: (clean) => cleaners.push(clean) }, databaseUrl)));
      } finally {
        for (const clean of cleaners.reverse()) await clean();
        console.error(`  ${measure.name}: ${Math.round((performance.now() - from) / 1_000)} s`);
        await onServer(postgres.url, 'drop database vidgen_load with (force)');
      }
    }
    return measured;
  } finally {
    await postgres.stop();
  }
}

async function benchCrowd(t: Cleanup, databaseUrl: string): Promise<Measurement[]> {
  const fleet = await createFleet(t, { databaseUrl });
  await call(fleet.db, 'admin.pause_queue');
  await submitAtOnce(fleet, await fleet.web(), crowd);
  await Promise.all([fleet.worker(), fleet.worker()]);
  const { jobs, seconds } = await (process.env.SOAK_JOBS ? all(fleet) : workFor(fleet.db, crowdMs));
  const { statuses, overtaken } = await served(fleet);
  return [
    {
      name: `jobs a minute of ${crowd} keys that submitted at once`,
      value: Math.round((60 * jobs) / seconds),
      unit: '/min',
      note: `two workers, one slot each; ${jobs} completed, ${statuses.FAILED ?? 0} failed`,
    },
    {
      name: 'places by which the most overtaken of them lost',
      value: overtaken,
      unit: 'jobs',
      must: 2,
    },
  ];
}

async function all(fleet: Fleet): Promise<{ jobs: number; seconds: number }> {
  await call(fleet.db, 'admin.resume_queue');
  const { statuses, seconds } = await untilServed(fleet);
  return { jobs: statuses.COMPLETED ?? 0, seconds };
}

async function benchSoak(t: Cleanup, databaseUrl: string): Promise<Measurement[]> {
  const fleet = await createFleet(t, { databaseUrl });
  const worker = await fleet.worker({ RENDER_CONCURRENCY: '2' });
  const keys = [];
  for (let n = 0; n < 10; n++) keys.push(await createKey(fleet.db));
  const memory: number[] = [];
  const until = performance.now() + soakMs;
  let done = 0;
  while (done < soakJobs && performance.now() < until) {
    for (const [n, { id }] of keys.entries()) await fleet.createJob(id, await tinyInputs(done + n));
    await untilServed(fleet);
    done += keys.length;
    memory.push(await residentMegabytes(worker));
  }
  // After the first fifth the heap has settled. The median of a tenth, because it fluctuates.
  const early = median(slice(memory, 0.2, 0.3));
  const late = median(slice(memory, 0.9, 1));
  return [
    {
      name: `worker memory after ${done} jobs, of that after a fifth of them`,
      value: Number((late / early).toFixed(2)),
      unit: 'ratio',
      must: 1.2,
      note: `${early} MB, then ${late} MB`,
    },
  ];
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
