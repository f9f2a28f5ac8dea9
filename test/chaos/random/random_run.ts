import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDb } from '../../../src/postgres/db.ts';
import { type Cleanup, inReverse } from '../../support/database.ts';
import { type Random, seeded } from '../../support/random.ts';
import { answer, hang, type Receiver, reset, startReceiver } from '../../support/receiver.ts';
import { secretsKey } from '../../support/server.ts';
import { createKey } from '../../support/service.ts';
import { until } from '../../support/until.ts';
import { ownPostgres } from '../own_postgres.ts';
import { customer, emptyLedger } from './customer.ts';
import { startHost, startOnce } from './host.ts';
import { broken, recordMoves } from './invariants.ts';
import { startMonkey } from './monkey.ts';
import { standstill } from './standstill.ts';
import { wrongVideos } from './videos.ts';

export type RandomRun = {
  seed: number;
  seconds: number;
  /** The number of disturbances of each kind. */
  survived: Record<string, number>;
  processesStarted: number;
  requests: number;
  /** How long all jobs took to end once the disturbances stopped. */
  secondsToEnd: { customers: number; webhooks: number; processes: number };
  jobs: Record<string, number>;
  jobsWithRetries: number;
  attempts: Record<string, number>;
  webhookRequests: number;
  /** The violations; must be empty. */
  violations: string[];
};

/**
 * Customers use the service for this many seconds while its processes, its database and the networks
 * between them are disturbed at random. Then the disturbances stop, all jobs must end, and the result is judged.
 */
export async function randomRun(
  t: Cleanup,
  o: { seed: number; seconds: number; webs?: number; workers?: number; customers?: number },
): Promise<RandomRun> {
  const cleanup = inReverse(t);
  const tmp = await mkdtemp(join(tmpdir(), 'vidgen-random-run-'));
  cleanup.after(() => rm(tmp, { recursive: true, force: true }));
  const receiver = await startReceiver();
  cleanup.after(() => receiver.close());
  const postgres = await ownPostgres(cleanup);
  const db = openDb(postgres.url, { max: 3 });
  cleanup.after(() => db.close());
  await recordMoves(db);
  const env = {
    ...{ TMPDIR: tmp, SECRETS_KEY: secretsKey, PUBLIC_URL: 'http://videos.test' },
    ...{ RENDER_CONCURRENCY: '2', LOG_LEVEL: 'error', NODE_EXTRA_CA_CERTS: receiver.caFile },
    ...{ WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8', WEBHOOK_RETRY_SCHEDULE: Array(200).fill('1').join() },
  };
  const host = await startHost(cleanup, {
    ...{ databaseUrl: postgres.url, env },
    ...{ webs: o.webs ?? 2, workers: o.workers ?? 3 },
  });

  const ledger = emptyLedger();
  const random = seeded(o.seed);
  failAtRandom(receiver, random);
  let isOver = false;
  const customers: Promise<void>[] = [];
  for (let n = 0; n < (o.customers ?? 8); n++) {
    const key = await createKey(db);
    const over = () => isOver;
    const own = seeded(o.seed + 1 + n);
    customers.push(customer({ host, key, random: own, ledger, hook: receiver.url, over }));
  }
  const monkey = startMonkey({ host, postgres, db, random });
  await delay(o.seconds * 1_000);
  await monkey.stop();
  receiver.answers = [answer(200)];
  isOver = true;
  const phase = stopwatch();
  let isDone = false;
  const allDone = Promise.all(customers).finally(() => {
    isDone = true;
  });
  await comes('every customer sees the end of its last job', () => isDone);
  await allDone;
  const customersTook = phase();
  // The schedule would run it within a minute.
  await db.run(sql`select graphile_worker.add_job('tidy', job_key => 'tidy')`);
  await comes('the last webhook is delivered', async () => {
    const waiting = sql`select from vidgen.webhook where status = 'pending'`;
    return (await db.run(waiting)).length === 0;
  });
  const webhooksTook = phase();
  await comes('all that were killed last have been started again', async () => {
    const alive = await db.run(sql<{ pid: number }>`select pid from vidgen.process`);
    const pids = alive.map((row) => row.pid);
    return host.places.every(({ process }) => pids.includes(process.pid));
  });
  await comes('files that were under way with the dead are gone', async () => {
    // What a living process could not discard without a database goes when that process does.
    const orphans = sql`select from vidgen.blob b where b.job_id is null
      and not exists (select from vidgen.process p where p.id = b.process_id)`;
    return (await db.run(orphans)).length === 0;
  });
  await host.stop();
  const processesTook = phase();
  await startOnce(cleanup, db, { ...env, DATABASE_URL: postgres.url });
  return report();

  /** Waits for a condition that must come true, with a limit. */
  async function comes(what: string, ask: () => boolean | Promise<boolean>): Promise<void> {
    await until(what, ask, 180_000).catch(async (error) => {
      throw new Error(`${error.message} ${await standstill(db, ledger, host)}`);
    });
  }

  async function report(): Promise<RandomRun> {
    const count = async (query: ReturnType<typeof sql<{ name: string; count: number }>>) =>
      Object.fromEntries((await db.run(query)).map(({ name, count }) => [name, count]));
    const retried = await db.run(sql`select from vidgen.job where attempt > 1`);
    return {
      seed: o.seed,
      seconds: o.seconds,
      survived: monkey.done,
      processesStarted: host.places.length + host.restarts,
      requests: ledger.requests,
      secondsToEnd: { customers: customersTook, webhooks: webhooksTook, processes: processesTook },
      jobs: await count(sql`select status as name, count(*)::int from vidgen.job group by 1`),
      jobsWithRetries: retried.length,
      attempts: await count(
        sql`select outcome as name, count(*)::int from vidgen.attempt group by 1`,
      ),
      webhookRequests: receiver.received.length,
      violations: [
        ...ledger.violations,
        ...host.strangeEnds,
        ...(await broken(db, ledger, receiver.received, tmp)),
        ...(await wrongVideos(postgres.url, ledger, tmp)),
      ],
    };
  }
}

/** Whole seconds since the last call. */
function stopwatch(): () => number {
  let from = performance.now();
  return () => {
    const seconds = Math.round((performance.now() - from) / 1_000);
    from = performance.now();
    return seconds;
  };
}

function failAtRandom(receiver: Receiver, random: Random): void {
  receiver.answers = [
    (...call) => {
      const lot = random.fraction();
      const reply = lot < 0.7 ? answer(200) : lot < 0.85 ? answer(500) : lot < 0.97 ? reset : hang;
      reply(...call);
    },
  ];
}
