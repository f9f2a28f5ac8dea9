import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Db, openDb } from '../../../src/postgres/db.ts';
import { type BucketSettings, openBucket } from '../../../src/storage/bucket.ts';
import { emptyTrash } from '../../../worker/tasks/tidy_bucket.ts';
import { type Cleanup, inReverse } from '../../support/database.ts';
import { type Random, seeded } from '../../support/random.ts';
import { bucketClient, s3Environment } from '../../support/s3_server.ts';
import { secretsKey } from '../../support/server.ts';
import { createKey } from '../../support/service.ts';
import { until } from '../../support/until.ts';
import type { Process } from '../fleet.ts';
import { ownPostgres } from '../own_postgres.ts';
import { emptyLedger } from '../random/customer.ts';
import { type Host, type Place, startHost, startOnce } from '../random/host.ts';
import { broken, recordMoves } from '../random/invariants.ts';
import { customerAcross, type Streams } from './customer.ts';
import { passedLimits } from './limits.ts';

export type ScaleOut = {
  jobs: number;
  seconds: number;
  /** The disturbances of the processes. */
  survived: Record<string, number>;
  requests: number;
  /** Submissions refused because their key had an active job. */
  refused: number;
  streams: Streams;
  /** The violations; must be empty. */
  violations: string[];
};

/** The address of that one client; customers use a new address for each request. */
const limits = { requests: 200, submissions: 30 };

/**
 * Runs API and worker processes, three of each by default, on one PostgreSQL and one bucket while they are killed, stopped and
 * added: what begins at one API process continues at another. At the end everything is judged.
 */
export async function scaleOut(
  t: Cleanup,
  o: {
    /** A server; its bucket is created here. */
    s3: BucketSettings;
    jobs: number;
    keys: number;
    /** A migrated database without jobs; by default one in a PostgreSQL of its own. */
    databaseUrl?: string;
    webs?: number;
    workers?: number;
    /** The number of disturbances; by default six for a hundred jobs. */
    harms?: number;
    seed?: number;
    log?(message: string): void;
  },
): Promise<ScaleOut> {
  const began = performance.now();
  const cleanup = inReverse(t);
  const tmp = await mkdtemp(join(tmpdir(), 'vidgen-scale-out-'));
  cleanup.after(() => rm(tmp, { recursive: true, force: true }));
  const bucket = { ...o.s3, name: randomBytes(8).toString('hex') };
  await bucketClient(bucket).createBucket();
  const databaseUrl = o.databaseUrl ?? (await ownPostgres(cleanup)).url;
  const db = openDb(databaseUrl, { max: 3 });
  cleanup.after(() => db.close());
  await recordMoves(db);
  const env = {
    ...{ TMPDIR: tmp, SECRETS_KEY: secretsKey, PUBLIC_URL: 'http://videos.test' },
    ...{ RENDER_CONCURRENCY: '1', LOG_LEVEL: 'error', ...s3Environment(bucket) },
    ...{ RATE_LIMIT_REQUESTS: `${limits.requests}` },
    ...{ RATE_LIMIT_SUBMISSIONS: `${limits.submissions}` },
  };
  const host = await startHost(cleanup, {
    ...{ databaseUrl, env },
    ...{ webs: o.webs ?? 3, workers: o.workers ?? 3 },
  });

  const seed = o.seed ?? 1;
  const random = seeded(seed);
  const ledger = emptyLedger();
  const streams: Streams = { opened: 0, told: 0, broken: 0 };
  const passed = await passedLimits(host.webs, limits);
  if (passed.requests !== limits.requests || passed.submissions !== limits.submissions)
    ledger.violations.push(`through the limits came ${JSON.stringify(passed)}`);

  const harmed = new Set<Process>();
  const steps = o.harms ?? 6 * Math.ceil(o.jobs / 100);
  const harm = harmInSteps({ host, random, harmed, steps, log: o.log });
  const keys = await Promise.all(Array.from({ length: o.keys }, () => createKey(db)));
  const customers = keys.map((key, n) => {
    const rest = { host, key, ledger, streams, harmed, tmp, random: seeded(seed + 1 + n) };
    return customerAcross({ ...rest, jobs: Math.ceil(o.jobs / o.keys) });
  });
  const [survived] = await Promise.all([harm(o.jobs, () => ledger.accepted.length), ...customers]);
  await until('the dead are buried, and all places taken', async () => {
    const rows = await db.run(sql<{ pid: number }>`select pid from vidgen.process order by pid`);
    const pids = host.places.map(({ process }) => process.pid).sort((a, b) => a - b);
    return String(rows.map(({ pid }) => pid)) === String(pids);
  });
  await host.stop();
  await startOnce(cleanup, db, { ...env, DATABASE_URL: databaseUrl });
  return {
    ...{ jobs: ledger.accepted.length, survived, requests: ledger.requests },
    ...{ refused: ledger.refused, streams },
    violations: [
      ...ledger.violations,
      ...host.strangeEnds,
      ...(await broken(db, ledger, [], tmp)),
      ...(await bucketFaults(db, bucket)),
    ],
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}

/** Disturbs a process each time a number of jobs has been accepted; resolves with the counts by kind. */
function harmInSteps(o: {
  host: Host;
  random: Random;
  harmed: Set<Process>;
  steps: number;
  log?(message: string): void;
}) {
  const signal = (kind: Place['kind'], name: NodeJS.Signals) => () => {
    const { process } = o.random.pick(o.host.places.filter((place) => place.kind === kind));
    o.harmed.add(process);
    process.kill(name);
  };
  const deeds: [name: string, deed: () => unknown][] = [
    ['worker SIGKILL', signal('worker', 'SIGKILL')],
    ['web SIGKILL', signal('web', 'SIGKILL')],
    ['worker SIGTERM', signal('worker', 'SIGTERM')],
    ['web added', () => o.host.add('web')],
    ['web SIGTERM', signal('web', 'SIGTERM')],
    ['worker added', () => o.host.add('worker')],
  ];
  return async (jobs: number, accepted: () => number): Promise<Record<string, number>> => {
    const done: Record<string, number> = {};
    for (let step = 0; step < o.steps; step++) {
      const [name, deed] = deeds[step % deeds.length] as (typeof deeds)[number];
      const from = ((step + 1) * jobs) / (o.steps + 2);
      await until(`${name} after ${from} jobs`, () => accepted() >= from, 600_000);
      o.log?.(`${name}, ${accepted()} jobs accepted`);
      await deed();
      done[name] = (done[name] ?? 0) + 1;
    }
    return done;
  };
}

/** All objects are files of jobs, and the reverse. */
async function bucketFaults(db: Db, settings: BucketSettings): Promise<string[]> {
  await db.run(sql`update vidgen.blob_trash set due_at = now()`);
  await emptyTrash(db, openBucket(settings));
  const objects = (await bucketClient(settings).listObjects('/', 'vidgen/')) ?? [];
  const files = await db.first(sql<{ n: number }>`
    select count(*) filter (where object_key is not null)::int as n from vidgen.blob`);
  return objects.length === files?.n
    ? []
    : [`${objects.length} objects in the bucket for ${files?.n} files`];
}
