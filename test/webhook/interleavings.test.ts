import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { createJob, createKey } from '../support/service.ts';
import { type DeliveriesInSql, deliveriesInSql, type End, run } from './deliveries_in_sql.ts';

const url = 'https://your.app/hooks/vidgen';

describe('attempts, records and redeliveries that meet', () => {
  const cleanup = suiteCleanup();
  let deliveries: DeliveriesInSql;
  let jobId: string;
  before(async () => {
    deliveries = await deliveriesInSql(cleanup);
  });
  beforeEach(async () => {
    jobId = await endJob(deliveries.db, deliveries.key.id, url);
  });
  // The job of the test.
  const begin = (by?: number) => deliveries.begin(jobId, by);
  const record = (attempt: number, end: End, retryIn?: number | null) =>
    deliveries.record(jobId, attempt, end, retryIn);
  const redeliver = () => deliveries.db.run(deliveries.redelivery(jobId));
  const webhook = () => deliveries.webhook(jobId);
  const queued = () => deliveries.queued(jobId);
  const take = () => deliveries.take(jobId);
  const attempts = () =>
    deliveries.db.run(
      sql`select attempt, round, error_class, duration_ms is not null as ended from vidgen.delivery
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

  test('the latest 100 attempts are kept, and of answers only those of failures, which count as stored', async () => {
    const { db, worker, key } = deliveries;
    const stored = async () => {
      const row = await db.first(sql<{ bytes: string }>`
        select bytes from vidgen.storage where api_key_id = ${key.id}`);
      return Number(row?.bytes ?? 0);
    };
    const before = await stored();
    await db.run(sql`update vidgen.webhook set attempts = 99 where job_id = ${jobId}`);
    await db.run(sql`
      insert into vidgen.delivery (job_id, attempt, api_key_id, round, process_id)
      select ${jobId}, n, ${key.id}, 1, ${worker} from generate_series(1, 99) n`);
    await db.run(sql`
      update vidgen.delivery set duration_ms = 1, status = 500, error_class = 'status', response_head = 'no'
      where job_id = ${jobId}`);
    assert.equal(await stored(), before + 198);
    const answered = (attempt: number, status: number, error_class: string | null) =>
      call(db, 'record_delivery', {
        ...{ job_id: jobId, attempt, duration_ms: 1, status, error_class, error_message: null },
        ...{
          response_head: 'ä'.repeat(2_048),
          retry_in_seconds: error_class === null ? null : 300,
        },
      } as const);
    await begin();
    await answered(100, 500, 'status');
    assert.equal(await stored(), before + 198 + 4_096);
    await redeliver();
    assert.deepEqual(await begin(), { attempt: 101, step: 1 });
    await answered(101, 200, null);
    const kept = await db.first(sql`
      select count(*)::int as rows, min(attempt) as first, count(response_head)::int as answers
      from vidgen.delivery where job_id = ${jobId}`);
    assert.deepEqual(kept, { rows: 100, first: 2, answers: 99 });
    assert.equal(await stored(), before + 196 + 4_096);
    await db.run(sql`delete from vidgen.job where id = ${jobId}`);
    assert.equal(await stored(), before);
  });

  test('begun twice at once: one is sent, the other waits for its end', async () => {
    const [one, two] = [await deliveries.connect(), await deliveries.connect()];
    const { rows } = await two.query('select pg_backend_pid() as pid');
    await one.query('begin');
    await run(one, sql`select api.begin_delivery(${jobId}, ${deliveries.worker})`);
    const later = run(
      two,
      sql`select api.begin_delivery(${jobId}, ${await deliveries.register()})`,
    );
    await deliveries.untilBlocked(rows[0].pid);
    await one.query('commit');
    await later;
    assert.deepEqual(await attempts(), [{ attempt: 1, round: 1, error_class: null, ended: false }]);
    assert.equal((await webhook())?.held_back, true);
  });

  test('recorded while an operator purges the job: neither waits for the other in a ring', async () => {
    const [recorder, operator] = [await deliveries.connect(), await deliveries.connect()];
    const { rows } = await operator.query('select pg_backend_pid() as pid');
    // The two steps of api.record_delivery.
    await recorder.query('begin');
    await run(recorder, sql`update vidgen.webhook set step = step + 1 where job_id = ${jobId}`);
    const purged = run(operator, sql`select admin.purge_job(${jobId})`);
    await deliveries.untilBlocked(rows[0].pid);
    await run(recorder, sql`select graphile_worker.remove_job(${`deliver_webhook:${jobId}`})`);
    await recorder.query('commit');
    await purged;
    assert.equal(await webhook(), undefined);
  });

  test('asked for while an attempt is under way: it waits for its end, then is sent', async () => {
    for (const end of ['delivered', 'failed'] as const) {
      jobId = await endJob(deliveries.db, deliveries.key.id, url);
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
        { attempt: 1, round: 1, error_class: end === 'failed' ? 'reset' : null, ended: true },
        { attempt: 2, round: 2, error_class: null, ended: true },
      ]);
    }
  });

  test('recording and asking at the same moment, either first', async () => {
    const [a, b] = [await deliveries.connect(), await deliveries.connect()];
    for (const [first, second] of [
      ['record', 'redeliver'],
      ['redeliver', 'record'],
    ]) {
      jobId = await endJob(deliveries.db, deliveries.key.id, url);
      await take();
      await begin();
      const statements = {
        record: deliveries.recording(jobId, 1, 'failed'),
        redeliver: deliveries.redelivery(jobId),
      };
      await a.query('begin');
      await run(a, statements[first as 'record']);
      const { rows } = await b.query('select pg_backend_pid() as pid');
      const blocked = run(b, statements[second as 'record']);
      await deliveries.untilBlocked(rows[0].pid);
      await a.query('commit');
      await blocked;
      const now = await webhook();
      assert.deepEqual(
        [now?.status, now?.round, now?.step, now?.due],
        ['pending', 2, 0, true],
        `${first} first`,
      );
      assert.deepEqual(await queued(), [true]);
      assert.deepEqual(await begin(), { attempt: 2, step: 1 });
    }
  });

  test('two workers with one message: one sends, the other waits', async () => {
    const other = await deliveries.register();
    await take();
    assert.deepEqual(await begin(), { attempt: 1, step: 1 });
    assert.equal(await begin(other), undefined);
    await record(1, 'delivered');
    assert.equal((await webhook())?.held_back, false);
  });

  test('a worker taken for dead wakes up: its attempt is logged, the later one decides', async () => {
    const ill = await deliveries.register();
    await take();
    assert.deepEqual(await begin(ill), { attempt: 1, step: 1 });
    await call(deliveries.db, 'bury_process', { process_id: ill, why: 'worker died' });
    assert.deepEqual(await begin(), { attempt: 2, step: 1 });
    await record(1, 'failed');
    assert.deepEqual(await webhook(), {
      ...{ status: 'pending', round: 1, step: 0, held_back: false, due: true },
    });
    await record(2, 'failed');
    assert.deepEqual(await queued(), [false]);
    assert.equal((await webhook())?.step, 1);
    await assert.rejects(begin(ill), { detail: 'process_gone' });
  });

  test('a late success of the older attempt cancels what the later one scheduled', async () => {
    const ill = await deliveries.register();
    await take();
    await begin(ill);
    await call(deliveries.db, 'bury_process', { process_id: ill, why: 'worker died' });
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
    const { id } = await createKey(deliveries.db);
    jobId = await createJob(deliveries.db, id, url);
    await call(deliveries.db, 'cancel_job', { api_key_id: id, job_id: jobId });
    assert.equal(await webhook(), undefined);
    assert.deepEqual(await queued(), []);
    await assert.rejects(
      call(deliveries.db, 'redeliver_webhook', { api_key_id: id, job_id: jobId }),
      {
        detail: 'no_webhook',
      },
    );
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
});
