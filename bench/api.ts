import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { Pool } from 'undici';
import { freePort } from '../cli/free_port.ts';
import { openDb } from '../src/db.ts';
import { databaseOn, startTestServer } from '../test/support/server.ts';
import { createJob, createKey } from '../test/support/service.ts';
import type { Measurement } from './run.ts';

const connections = 32;
const clients = 1_000;
const rounds = 4;
const roundMs = 2_000;
const streams = 1_000;

/**
 * How fast the API answers, as ratios to the same HTTP server and pool around one `select`: a status
 * poll is counted, its key is checked and its job is read. And what an open stream costs in memory.
 * Starts a PostgreSQL and the processes it needs; takes about half a minute.
 */
export async function benchApi(): Promise<Measurement[]> {
  const postgres = await startTestServer();
  const databaseUrl = databaseOn(postgres.url, postgres.template);
  const db = openDb(databaseUrl, { max: 2 });
  const service = await start('service', databaseUrl);
  const select = await start('select', databaseUrl);
  try {
    const key = await createKey(db, 'bench');
    const jobId = await createJob(db, key.id);
    await db.run(sql`
      insert into vidgen.job (api_key_id, status, finished_at)
      select ${key.id}, 'CANCELLED', now() from generate_series(1, 1000)`);
    const headers = { 'X-API-Key': key.apiKey };
    const status = { path: `/api/status/${jobId}`, headers };

    // Before the load, whose leftovers the streams would live in.
    const perStream = await memoryOfStreams(service, `/api/jobs/${jobId}/events`, headers);
    // In turns, so that what else the machine does falls on both alike.
    const polls: Load[] = [];
    const selects: Load[] = [];
    const lists: Load[] = [];
    for (let round = 0; round < rounds; round++) {
      selects.push(await load(select.url, status));
      polls.push(await load(service.url, status));
      lists.push(await load(service.url, { path: '/api/jobs?limit=100', headers }));
    }
    const [poll, one, list] = [best(polls), best(selects), best(lists)];
    return [
      {
        name: 'status polls a second, of those of one select',
        value: round2(poll.perSecond / one.perSecond),
        unit: 'ratio',
        must: 0.45,
        aim: 0.8,
        note: `${Math.round(poll.perSecond)} polls, ${Math.round(one.perSecond)} selects a second`,
      },
      {
        name: 'status poll, 99th percentile, of that of one select',
        value: round2(poll.p99 / one.p99),
        unit: 'ratio',
        note: `${poll.p99.toFixed(1)} ms, ${one.p99.toFixed(1)} ms with ${connections} connections`,
      },
      {
        name: 'lists of 100 jobs a second, of those of one select',
        value: round2(list.perSecond / one.perSecond),
        unit: 'ratio',
        note: `${Math.round(list.perSecond)} a second, p99 ${list.p99.toFixed(1)} ms`,
      },
      {
        name: 'memory of an open stream of events',
        value: Math.round(perStream / 1024),
        unit: 'KB',
        note: `with ${streams} open`,
      },
    ];
  } finally {
    service.process.kill();
    select.process.kill();
    await db.close();
    await postgres.stop();
  }
}

type Api = { url: string; process: ChildProcess };

async function start(kind: 'service' | 'select', databaseUrl: string): Promise<Api> {
  const process = fork(
    new URL('./api_process.ts', import.meta.url),
    [kind, databaseUrl, String(await freePort())],
    { execArgv: ['--import', 'tsx', '--expose-gc'] },
  );
  const [{ url }] = (await once(process, 'message')) as [{ url: string }];
  return { url, process };
}

type Load = { perSecond: number; p99: number };

async function load(
  url: string,
  request: { path: string; headers: Record<string, string> },
): Promise<Load> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const times: number[] = [];
  const began = performance.now();
  let n = 0;
  const client = async () => {
    while (performance.now() - began < roundMs) {
      const from = performance.now();
      const answer = await pool.request({
        ...request,
        method: 'GET',
        headers: { ...request.headers, 'X-Test-Ip': ipOf(n++ % clients) },
      });
      await answer.body.dump();
      if (answer.statusCode === 429) continue;
      if (answer.statusCode !== 200) throw new Error(`Answered with ${answer.statusCode}.`);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  times.sort((a, b) => a - b);
  return { perSecond: times.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

async function memoryOfStreams(
  api: Api,
  path: string,
  headers: Record<string, string>,
): Promise<number> {
  const open = new AbortController();
  let n = 0;
  const openStreams = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const response = await fetch(api.url + path, {
          headers: { ...headers, 'X-Test-Ip': ipOf(n++) },
          signal: open.signal,
        });
        await response.body?.getReader().read();
      }),
    );
  // What the first ones take is the code, not the streams.
  await openStreams(100);
  const before = await resident(api);
  await openStreams(streams);
  const after = await resident(api);
  open.abort();
  return (after - before) / streams;
}

async function resident(api: Api): Promise<number> {
  api.process.send('memory');
  const [{ resident }] = (await once(api.process, 'message')) as [{ resident: number }];
  return resident;
}

const ipOf = (n: number) => `10.0.${n >> 8}.${n & 255}`;

const best = (loads: Load[]): Load =>
  loads.reduce((one, other) => (other.perSecond > one.perSecond ? other : one));

const round2 = (value: number) => Math.round(value * 100) / 100;
