import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { type Db, openDb, query } from '../../src/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { endJob, endJobs } from '../support/ended_jobs.ts';
import { createJob, createKey, type Key } from '../support/service.ts';
import { untilRow } from '../support/until.ts';

const url = 'https://your.app/hooks/vidgen';
const outcome = { delivered: null, failed: 'reset' } as const;

describe('attempts, records and redeliveries that meet', () => {
  const cleanup = suiteCleanup();
  let databaseUrl: string;
  let db: Db;
  let key: Key;
  let jobId: string;
  let worker: number;
  before(async () => {
    databaseUrl = (await createDatabase(cleanup)).url;
    db = openDb(databaseUrl);
    cleanup.after(() => db.close());
    key = await createKey(db);
    worker = await register();
  });
  beforeEach(async () => {
    jobId = await endJob(db, key.id, url);
  });

  const register = async () => {
    const row = await db.first(
      sql<{ id: number }>`select api.register_process('worker', 'here', 1) as id`,
    );
    return row?.id as number;
  };
  const connect = async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    cleanup.after(() => client.end());
    return client;
  };

  const begin = async (of = jobId, by = worker) => {
    const row = await db.first(
      sql<{
        attempt: number;
        step: number;
        message_id: string;
      }>`select * from api.begin_delivery(${of}, ${by})`,
    );
    return row && { attempt: row.attempt, step: row.step };
  };
  const recording = (attempt: number, end: keyof typeof outcome, retryIn: number | null) => sql<{
    host: string | null;
  }>`
    select api.record_delivery(${jobId}, ${attempt}, 20, ${end === 'delivered' ? 200 : null}::int,
      ${outcome[end]}::text, null, '', ${end === 'delivered' ? null : retryIn}::float8) as host`;
  const record = async (
    attempt: number,
    end: keyof typeof outcome,
    retryIn: number | null = 300,
  ) => {
    const row = await db.first(recording(attempt, end, retryIn));
    if (row?.host) await db.run(sql`select api.call_waiting(${row.host})`);
  };
  const redelivery = () => sql`select api.redeliver_webhook(${key.id}, ${jobId})`;
  const redeliver = () => db.run(redelivery());
  const webhook = (of = jobId) =>
    db.first(
      sql<{
        status: string;
        walk: number;
        step: number;
        held_back: boolean;
        due: boolean;
      }>`select status, walk, step, held_back, next_attempt_at <= clock_timestamp() as due
        from vidgen.webhook where job_id = ${of}`,
    );
  /** Queue rows that will run: true when due now. */
  const queued = async (of = jobId) => {
    const rows = await db.run(sql<{ due: boolean }>`
      select run_at <= clock_timestamp() as due from graphile_worker.jobs
      where key = ${`deliver_webhook:${of}`} and locked_at is null`);
    return rows.map(({ due }) => due);
  };
  /** As the queue does when it hands the row out, and when the task has returned. */
  const take = () =>
    db.run(sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool'
      where key = ${`deliver_webhook:${jobId}`}`);
  const attempts = () =>
    db.run(
      sql`select attempt, walk, error_class, duration_ms is not null as ended from vidgen.delivery
        where job_id = ${jobId} order by attempt`,
    );

  test('asked for before it is due: moved, not doubled', async () => {
    await take();
    assert.deepEqual(await begin(), { attempt: 1, step: 1 });
    await record(1, 'failed');
    assert.deepEqual(await queued(), [false]);
    await redeliver();
    assert.deepEqual(await queued(), [true]);
    await redeliver();
    assert.deepEqual(await queued(), [true]);
    await take();
    assert.deepEqual(await begin(), { attempt: 2, step: 1 });
    await record(2, 'delivered');
    assert.deepEqual(await queued(), []);
    assert.equal((await webhook())?.status, 'delivered');
    assert.equal(await begin(), undefined, 'nothing is left to do');
  });

  test('begun twice at once: one is sent, the other waits for its end', async () => {
    const [one, two] = [await connect(), await connect()];
    const { rows } = await two.query('select pg_backend_pid() as pid');
    await one.query('begin');
    await run(one, sql`select api.begin_delivery(${jobId}, ${worker})`);
    const later = run(two, sql`select api.begin_delivery(${jobId}, ${await register()})`);
    await untilBlocked(rows[0].pid);
    await one.query('commit');
    await later;
    assert.deepEqual(await attempts(), [{ attempt: 1, walk: 1, error_class: null, ended: false }]);
    assert.equal((await webhook())?.held_back, true);
  });

  test('recorded while an operator purges the job: neither waits for the other in a ring', async () => {
    const [recorder, operator] = [await connect(), await connect()];
    const { rows } = await operator.query('select pg_backend_pid() as pid');
    // The two steps of api.record_delivery.
    await recorder.query('begin');
    await run(recorder, sql`update vidgen.webhook set step = step + 1 where job_id = ${jobId}`);
    const purged = run(operator, sql`select admin.purge_job(${jobId})`);
    await untilBlocked(rows[0].pid);
    await run(recorder, sql`select graphile_worker.remove_job(${`deliver_webhook:${jobId}`})`);
    await recorder.query('commit');
    await purged;
    assert.equal(await webhook(), undefined);
  });

  test('asked for while an attempt is under way: it waits for its end, then is sent', async () => {
    for (const end of ['delivered', 'failed'] as const) {
      jobId = await endJob(db, key.id, url);
      await take();
      await begin();
      await redeliver();
      assert.deepEqual(await queued(), [true]);
      await take();
      assert.equal(await begin(), undefined);
      assert.equal((await webhook())?.held_back, true);
      await record(1, end);
      const waiting = await webhook();
      assert.equal(waiting?.status, 'pending', 'the new one is still to be sent');
      assert.equal(waiting?.held_back, false);
      assert.equal(waiting?.due, true, 'what the old one would have scheduled counts no more');
      assert.deepEqual(await queued(), [true]);
      assert.deepEqual(await begin(), { attempt: 2, step: 1 });
      await record(2, 'delivered');
      assert.equal((await webhook())?.status, 'delivered');
      assert.deepEqual(await attempts(), [
        { attempt: 1, walk: 1, error_class: outcome[end], ended: true },
        { attempt: 2, walk: 2, error_class: null, ended: true },
      ]);
    }
  });

  test('recording and asking at the same moment, either first', async () => {
    const [a, b] = [await connect(), await connect()];
    for (const [first, second] of [
      ['record', 'redeliver'],
      ['redeliver', 'record'],
    ]) {
      jobId = await endJob(db, key.id, url);
      await take();
      await begin();
      const statements = { record: recording(1, 'failed', 300), redeliver: redelivery() };
      await a.query('begin');
      await run(a, statements[first as 'record']);
      const { rows } = await b.query('select pg_backend_pid() as pid');
      const blocked = run(b, statements[second as 'record']);
      await untilBlocked(rows[0].pid);
      await a.query('commit');
      await blocked;
      const now = await webhook();
      assert.deepEqual(
        [now?.status, now?.walk, now?.step, now?.due],
        ['pending', 2, 0, true],
        `${first} first`,
      );
      assert.deepEqual(await queued(), [true]);
      assert.deepEqual(await begin(), { attempt: 2, step: 1 });
    }
  });

  test('two workers with one message: one sends, the other waits', async () => {
    const other = await register();
    await take();
    assert.deepEqual(await begin(jobId, worker), { attempt: 1, step: 1 });
    assert.equal(await begin(jobId, other), undefined);
    await record(1, 'delivered');
    assert.equal((await webhook())?.held_back, false);
  });

  test('a worker taken for dead wakes up: its attempt is logged, the later one decides', async () => {
    const ill = await register();
    await take();
    assert.deepEqual(await begin(jobId, ill), { attempt: 1, step: 1 });
    await db.run(sql`select api.bury_process(${ill}, 'worker died')`);
    assert.deepEqual(await begin(), { attempt: 2, step: 1 });
    await record(1, 'failed');
    assert.deepEqual(await webhook(), {
      ...{ status: 'pending', walk: 1, step: 0, held_back: false, due: true },
    });
    await record(2, 'failed');
    assert.deepEqual(await queued(), [false]);
    assert.equal((await webhook())?.step, 1);
    await assert.rejects(begin(jobId, ill), { detail: 'process_gone' });
  });

  test('a late success of the older attempt cancels what the later one scheduled', async () => {
    const ill = await register();
    await take();
    await begin(jobId, ill);
    await db.run(sql`select api.bury_process(${ill}, 'worker died')`);
    await begin();
    await record(2, 'failed');
    assert.deepEqual(await queued(), [false]);
    await record(1, 'delivered');
    assert.deepEqual(await queued(), []);
    assert.equal((await webhook())?.status, 'delivered');
  });

  test('begun twice by one process, because the first answer got lost: the same attempt', async () => {
    await take();
    assert.deepEqual(await begin(), { attempt: 1, step: 1 });
    assert.deepEqual(await begin(), { attempt: 1, step: 1 });
    await record(1, 'failed');
    await take();
    assert.deepEqual(await begin(), { attempt: 2, step: 2 });
  });

  test('recorded twice, because the first answer got lost: once', async () => {
    await take();
    await begin();
    await record(1, 'failed');
    await record(1, 'failed');
    assert.equal((await webhook())?.step, 1);
    assert.deepEqual(await queued(), [false]);
  });

  test('6.1: a job that is cancelled announces nothing', async () => {
    const { id } = await createKey(db);
    jobId = await createJob(db, id, url);
    await db.run(sql`select api.cancel_job(${id}, ${jobId})`);
    assert.equal(await webhook(), undefined);
    assert.deepEqual(await queued(), []);
    await assert.rejects(db.run(sql`select api.redeliver_webhook(${id}, ${jobId})`), {
      detail: 'no_webhook',
    });
  });

  test('the last step, and a redelivery after it', async () => {
    await take();
    await begin();
    await record(1, 'failed', null);
    assert.deepEqual([(await webhook())?.status, await queued()], ['abandoned', []]);
    await redeliver();
    assert.deepEqual(await begin(), { attempt: 2, step: 1 });
    await record(2, 'failed', 5);
    assert.deepEqual([(await webhook())?.status, await queued()], ['pending', [false]]);
  });

  /** Deliveries to a host of their own, with no row in the queue. */
  const deliveriesTo = async (host: string, count: number) => {
    const ids = await endJobs(db, key.id, `https://${host}/a`, count);
    await db.run(sql`select graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs where key like 'deliver%' and run_at <= now()))`);
    return ids;
  };
  /** How many of them will be begun. */
  const awake = async (ids: string[]) => {
    const lists = await Promise.all(ids.map((id) => queued(id)));
    return lists.flat().length;
  };

  test('five at a time for a host, over all workers; the next ones wait for a free lane', async () => {
    const other = await register();
    const ids = await deliveriesTo('Slow.app:8443', 7);
    const [elsewhere] = await deliveriesTo('slow.app', 1);
    const began = await Promise.all(ids.map((id, n) => begin(id, n % 2 === 0 ? worker : other)));
    assert.equal(began.filter(Boolean).length, 5);
    assert.ok(await begin(elsewhere), 'another port is another receiver');

    const waiting = ids.filter((_, n) => !began[n]);
    assert.equal(await awake(waiting), 0);
    jobId = ids.find((_, n) => began[n]) as string;
    await record(1, 'delivered');
    assert.equal(await awake(waiting), 1);

    await db.run(sql`select api.bury_process(${other}, 'worker died')`);
    for (const id of waiting) assert.ok(await begin(id), 'a death frees the lanes of the dead');
  });

  test('the sweep calls, when it has nobody to bury', async () => {
    const ill = await register();
    const ids = await deliveriesTo('swept.app', 6);
    for (const id of ids) await begin(id, ill);
    await db.run(
      sql`insert into vidgen.watch (since, last_at) values (now() - interval '1 hour', now())`,
    );
    await db.run(sql`update vidgen.process set
      beat_at = now() + case id when ${ill} then interval '-20 s' else interval '1 h' end`);
    const sweep = () => db.run(sql`select process_id from api.sweep()`);
    assert.deepEqual(await sweep(), [{ process_id: ill }]);
    assert.equal(await awake(ids.slice(5)), 0);
    assert.deepEqual(await sweep(), []);
    assert.equal(await awake(ids.slice(5)), 1);
  });

  const callForgotten = () => db.run(sql`select api.call_forgotten()`);

  test('the worker that has all lanes of a host dies: who waits is called, one at a time', async () => {
    const ill = await register();
    const ids = await deliveriesTo('dying.app', 7);
    for (const id of ids) await begin(id, ill);
    const waiting = ids.slice(5);
    await callForgotten();
    assert.equal(await awake(waiting), 0, 'there is no lane');
    await db.run(sql`select api.bury_process(${ill}, 'worker died')`);
    for (const called of [1, 2, 2]) {
      await callForgotten();
      assert.equal(await awake(waiting), called);
    }
    for (const id of waiting) assert.ok(await begin(id));
  });

  test('held back just as the worker that has the lanes dies: called all the same', async () => {
    const ill = await register();
    const ids = await deliveriesTo('late.app', 6);
    const last = ids[5] as string;
    for (const id of ids.slice(0, 5)) await begin(id, ill);
    const beginning = await connect();
    await beginning.query('begin');
    await run(beginning, sql`select api.begin_delivery(${last}, ${worker})`);
    // Neither waits for the other.
    await db.run(sql`select api.bury_process(${ill}, 'worker died')`);
    await callForgotten();
    await beginning.query('commit');
    assert.deepEqual([(await webhook(last))?.held_back, await awake([last])], [true, 0]);
    await callForgotten();
    assert.equal(await awake([last]), 1);
  });

  test('who waits for an attempt of its own is called by its end, not before', async () => {
    const [id] = await deliveriesTo('own.app', 1);
    jobId = id as string;
    await begin();
    await redeliver();
    await take();
    assert.equal(await begin(), undefined);
    await callForgotten();
    assert.equal((await webhook())?.held_back, true);
    await record(1, 'failed');
    assert.equal((await webhook())?.held_back, false);
  });

  async function untilBlocked(pid: number): Promise<void> {
    await untilRow('it is blocked', db, sql`select where pg_blocking_pids(${pid}::int) <> '{}'`);
  }
});

async function run(client: pg.Client, statement: RawBuilder<unknown>): Promise<void> {
  const compiled = statement.compile(query);
  await client.query(compiled.sql, [...compiled.parameters]);
}
