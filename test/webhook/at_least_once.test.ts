import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { openEmbeddedPostgres } from '../../src/embedded_postgres/open.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { migrate } from '../../src/postgres/migrate.ts';
import { authority } from '../support/certificates.ts';
import { program } from '../support/command.ts';
import { type Cleanup, createDatabase, inReverse } from '../support/database.ts';
import { endJob, endJobs } from '../support/ended_jobs.ts';
import { answer, type Received, startReceiver } from '../support/receiver.ts';
import { secretsKey } from '../support/server.ts';
import { createKey } from '../support/service.ts';

describe('6.4: at least once, under one id', { concurrency: true }, () => {
  // In one test, because it is the same worker that is killed then.
  test('the receiver is down for six attempts; the worker is killed after it had one, before that is written down', async (t) => {
    const cleanup = inReverse(t);
    const { url } = await createDatabase(cleanup);
    const db = openDb(url);
    cleanup.after(() => db.close());
    const { port, url: hook, close } = await startReceiver();
    await close();
    const impatient = { WEBHOOK_RETRY_SCHEDULE: Array(20).fill('0.1').join() };
    const first = startWorker(cleanup, url, impatient);
    const { id } = await createKey(db);
    const missed = await endJob(db, id, hook);
    await until(db, sql`select from vidgen.delivery where attempt = 6 and duration_ms is not null`);
    const receiver = await startReceiver({ port });
    cleanup.after(() => receiver.close());
    await receiver.until(1);
    const log = await attempts(db, missed);
    assert.ok(log.length > 6);
    for (const { attempt, error_class } of log)
      assert.equal(error_class, attempt === log.length ? null : 'refused');
    assert.equal(receiver.received.length, 1);

    receiver.received.length = 0;
    // More than a host has lanes: the last are those with which the worker goes on.
    const many = 8;
    receiver.answers = [
      ...Array(many - 2).fill(answer(200)),
      (response) => {
        first.kill('SIGKILL');
        response.end();
      },
      answer(200),
    ];
    const jobs = await endJobs(db, id, receiver.url, many);
    await receiver.until(many - 1);
    const cutOff = JSON.parse(receiver.received[many - 2]?.body.toString() ?? '').jobId;
    startWorker(cleanup, url, impatient);
    for (const jobId of jobs) {
      const log = await attempts(db, jobId);
      if (jobId === cutOff) assert.equal(log[0]?.error_class, 'interrupted');
      assert.equal(log.at(-1)?.error_class, null);
      assertSame(receiver.received.filter(({ body }) => body.includes(jobId)));
    }
    assert.ok(jobs.includes(cutOff));
  });

  test('Postgres is restarted while an answer is waited for', async (t) => {
    const cleanup = inReverse(t);
    const dataDir = await mkdtemp(join(tmpdir(), 'vidgen-webhook-'));
    cleanup.after(() => rm(dataDir, { recursive: true }));
    const open = () =>
      openEmbeddedPostgres({ dataDir, log: () => {}, role: 'owner', settings: { fsync: 'off' } });
    let postgres = await open();
    cleanup.after(() => postgres.stop());
    const url = postgres.addresses.owner;
    await migrate(url);
    const receiver = await startReceiver();
    cleanup.after(() => receiver.close());
    const restarted = Promise.withResolvers<void>();
    receiver.answers = [
      async (response) => {
        await postgres.stop();
        response.end();
        postgres = await open();
        restarted.resolve();
      },
      answer(200),
    ];
    const before = openDb(url);
    const { id } = await createKey(before);
    const jobs = [await endJob(before, id, receiver.url)];
    await before.close();
    keepWorker(cleanup, url);
    await restarted.promise;
    const db = openDb(url);
    cleanup.after(() => db.close());
    jobs.push(await endJob(db, id, receiver.url));
    for (const jobId of jobs) {
      await delivered(db, jobId);
      const sent = receiver.received.filter(({ body }) => body.includes(jobId));
      assert.ok(sent.length > 0);
      assertSame(sent);
    }
  });
});

function startWorker(
  cleanup: Cleanup,
  databaseUrl: string,
  env: Record<string, string> = {},
): ChildProcess {
  const worker = spawn(process.execPath, [...program, 'worker'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SECRETS_KEY: secretsKey,
      NODE_EXTRA_CA_CERTS: authority().caFile,
      WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,::1',
      LOG_LEVEL: 'silent',
      ...env,
    },
  });
  const ended = once(worker, 'exit');
  cleanup.after(() => {
    worker.kill('SIGKILL');
    return ended;
  });
  return worker;
}

/** Restarts a worker that ends, as hosts do. */
function keepWorker(cleanup: Cleanup, databaseUrl: string): void {
  let kept = true;
  cleanup.after(() => {
    kept = false;
  });
  const start = () => {
    if (kept) startWorker(cleanup, databaseUrl).once('exit', start);
  };
  start();
}

async function attempts(db: Db, jobId: string) {
  await delivered(db, jobId);
  return db.run(sql<{ attempt: number; error_class: string | null }>`
    select attempt, api.delivery_json(d)->>'errorClass' as error_class
    from vidgen.delivery d where job_id = ${jobId} order by attempt`);
}

const delivered = (db: Db, jobId: string) =>
  until(db, sql`select from vidgen.webhook where job_id = ${jobId} and status = 'delivered'`);

/** Polls until there is a row, through times without a database. */
async function until(db: Db, statement: ReturnType<typeof sql>): Promise<void> {
  while (!(await db.first(statement).catch(() => undefined))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asserts one id and one body over all attempts. */
function assertSame(sent: Received[]): void {
  assert.equal(new Set(sent.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.equal(new Set(sent.map(({ body }) => body.toString())).size, 1);
}
