import { loadConfig } from '../src/config.ts';
import { readSnapshot } from '../src/pages/ops/snapshot.ts';
import { call } from '../src/postgres/call.ts';
import { type Db, openDb, query } from '../src/postgres/db.ts';
import { workerOn } from '../test/support/job_moves.ts';
import { multipart, pngOf, wavOf } from '../test/support/multipart.ts';
import type { TestServer } from '../test/support/server.ts';
import { clientOf } from '../test/support/service.ts';
import { startApi } from './api_client.ts';
import type { Measurement } from './measurement.ts';
import { databaseWithPast, type Past, pastJobId } from './past_jobs.ts';
import { median } from './statistics.ts';

const reads = 400;
const writes = 150;
const warmUp = 50;

type Side = Awaited<ReturnType<typeof openSide>>;

/**
 * The same queries on a system with hardly any jobs and on one with a million past ones, in turns. A query
 * that takes more than 1.3 times as long on the second reads more than it needs.
 */
export async function benchPast(server: TestServer): Promise<Measurement[]> {
  const sides: Side[] = [];
  try {
    sides.push(await openSide(server, { jobs: 300, keys: 10 }));
    sides.push(await openSide(server, { jobs: 1_000_000, keys: 1_000 }));
    const status = await inTurns(sides, reads, (side) => side.status());
    const list = await inTurns(sides, reads, (side) => side.list());
    const claims: number[][] = sides.map(() => []);
    const posts = await inTurns(sides, writes, async (side) => {
      const [jobId, ms] = await side.post();
      claims[sides.indexOf(side)]?.push(await side.claim(jobId));
      return ms;
    });
    const views = (await sides[1]?.views()) ?? [];
    const tidies = await inTurns(sides, 3, (side) => side.tidy());
    return [
      row('status', status),
      row('list of 20', list),
      row('POST', posts),
      row('claim', claims),
      {
        name: 'the slowest statement of /ops, with a million past jobs',
        value: Math.max(...views),
        unit: 'ms',
        must: 100,
      },
      {
        name: 'api.tidy, once a minute, with a million past jobs',
        value: median(tidies[1] ?? []),
        unit: 'ms',
      },
    ];
  } finally {
    for (const side of sides) await side.close();
  }
}

function row(name: string, [few = [], many = []]: number[][]): Measurement {
  const [a, b] = [median(few), median(many)];
  return {
    name: `${name} with a million past jobs, of that with none`,
    value: b / a,
    unit: 'ratio',
    must: 1.3,
    note: `medians: ${b.toFixed(2)} ms, ${a.toFixed(2)} ms`,
  };
}

/** Milliseconds of each call, for each side; other activity on the machine affects both equally. */
async function inTurns(
  sides: Side[],
  count: number,
  call: (side: Side) => Promise<number>,
): Promise<number[][]> {
  const times: number[][] = sides.map(() => []);
  for (let n = -Math.min(warmUp, count); n < count; n++) {
    for (const side of n % 2 ? sides : sides.toReversed()) {
      const ms = await call(side);
      if (n >= 0) times[sides.indexOf(side)]?.push(ms);
    }
  }
  return times;
}

async function openSide(server: TestServer, past: Past) {
  const databaseUrl = await databaseWithPast(server, past);
  const db = openDb(databaseUrl, { max: 1, deadlineMs: 60_000 });
  const api = await startApi('service', databaseUrl);
  const client = clientOf(api.url, db);
  const worker = await workerOn(db);
  const { body, contentType } = multipart({ image: pngOf(2_000), audio: wavOf(2_000) });
  let turn = 0;
  /** Jobs of ten keys from the whole time; with more keys, each would write its last use once a minute. */
  const pick = () => {
    const [ofKey, key] = [(7_919 * ++turn) % (past.jobs / past.keys), turn % 10];
    return { key: `${key}`, jobId: pastJobId(past.keys * ofKey + key || past.keys) };
  };
  const get = (path: string, key: string) =>
    clocked(async () => {
      const response = await client.call(path, key);
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${path} was answered with ${response.status}.`);
    });
  return {
    status: () => {
      const { key, jobId } = pick();
      return get(`/api/status/${jobId}`, key);
    },
    list: () => get('/api/jobs?limit=20', pick().key),
    post: async (): Promise<[jobId: string, ms: number]> => {
      const { key } = pick();
      let jobId = '';
      const ms = await clocked(async () => {
        const headers = { 'Content-Type': contentType };
        const response = await client.call('/api/jobs', key, { method: 'POST', body, headers });
        if (response.status !== 201) throw new Error(`POST was answered with ${response.status}.`);
        ({ jobId } = (await response.json()) as { jobId: string });
      });
      return [jobId, ms];
    },
    claim: async (jobId: string) => {
      const ms = await clocked(() => worker.claim(jobId));
      await worker.fail(jobId, 'It was only to be claimed.');
      return ms;
    },
    tidy: () => clocked(() => call(db, 'tidy')),
    /** The statements of /ops, each by the median of five. */
    views: async (): Promise<number[]> => {
      const times = new Map<string, number[]>();
      const timed: Db = {
        ...db,
        run: async (statement) => {
          const from = performance.now();
          const rows = await db.run(statement);
          const { sql } = statement.compile(query);
          times.set(sql, [...(times.get(sql) ?? []), performance.now() - from]);
          return rows;
        },
      };
      for (let n = 0; n < 5; n++) await readSnapshot(timed, loadConfig({}));
      return [...times.values()].map(median);
    },
    close: async () => {
      await api.stop();
      await db.close();
    },
  };
}

async function clocked(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
