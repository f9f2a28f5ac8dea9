import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { type JobsInSql, jobsInSql } from '../support/jobs_in_sql.ts';
import { createJob, createKey, type Key } from '../support/service.ts';
import { until } from '../support/until.ts';

type Row = Record<string, unknown>;

/** One key with a job in each state, and a receiver that fails. */
describe('what operators see', () => {
  const cleanup = suiteCleanup();
  let jobs: JobsInSql;
  let key: Key;
  let completed: string;
  let failed: string;
  let waiting: string;
  before(async () => {
    jobs = await jobsInSql(cleanup);
    key = await createKey(jobs.db, 'seen');
    completed = await createJob(jobs.db, key.id, 'https://good.example/hook');
    await jobs.claim(completed);
    await jobs.complete(completed);
    failed = await createJob(jobs.db, key.id, 'https://bad.example/hook');
    await jobs.claim(failed);
    await jobs.fail(failed, 'The audio is silent.');
    waiting = await createJob(jobs.db, key.id);
    const attempt = (
      jobId: string,
      status: number | null,
      error: string | null,
      retry: number | null,
    ) =>
      jobs.db.run(sql`select api.record_delivery(${jobId},
        (select attempt from api.begin_delivery(${jobId}, ${jobs.workerId})), 12, ${status}, ${error}, ${error && 'It refused the connection.'}, '', ${retry})`);
    await attempt(completed, 200, null, null);
    await attempt(failed, null, 'refused', 300);
    const givenUp = await endJob(jobs.db, key.id, 'https://bad.example/other');
    await attempt(givenUp, 500, 'status', null);
  });
  const see = (view: string) => jobs.db.run(sql<Row>`select * from ${sql.id('admin', view)}`);

  test('admin.jobs: latest first, with what one wants to know of each', async () => {
    const rows = await see('jobs');
    const byId = (id: string) => rows.find((row) => row.id === id);
    assert.deepEqual(
      rows.map(({ id }) => id),
      rows
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    const done = byId(completed);
    assert.equal(done?.api_key, 'seen');
    assert.equal(done?.worker, 'test:2');
    assert.equal(Number(done?.real_time_factor), 10, '20 s of audio in 2 s');
    assert.equal(Number(done?.video_bytes), 7);
    assert.equal(byId(failed)?.error_message, 'The audio is silent.');
    assert.equal(byId(failed)?.error_detail, 'for operators');
    assert.equal(byId(failed)?.cause, 'for operators');
    assert.ok((byId(failed)?.updated_at as Date) >= (byId(failed)?.created_at as Date));
    assert.equal(byId(waiting)?.status, 'PENDING');
    assert.equal(byId(waiting)?.worker, null);
    assert.match(JSON.stringify(await see('attempts')), /"outcome":"completed"/);
  });

  test('admin.queue: each task, waiting, running and scheduled', async () => {
    const rows = await see('queue');
    const numbers = (task: string) => {
      const row = rows.find((one) => one.task === task);
      return [
        Number(row?.waiting),
        Number(row?.running),
        Number(row?.scheduled),
        row?.paused_since,
      ];
    };
    assert.deepEqual(numbers('render'), [1, 0, 0, null]);
    assert.deepEqual(numbers('deliver_webhook'), [0, 0, 1, null]);
  });

  test('admin.workers: a process that holds its lease is alive, one that does not is not', async () => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: jobs.url });
    await client.connect();
    await client.query(`select api.register_process('worker', 'living', 3, '1.2.3', 4, 1)`);
    const living = (await see('workers')).find(({ host }) => host === 'living');
    assert.deepEqual([living?.version, living?.slots, living?.moving_slots], ['1.2.3', 4, 1]);
    const [health] = await see('health');
    assert.equal(health?.worker_versions, '1 × 1.2.3, 1 × unknown');
    const alive = (rows: Row[]) => Object.fromEntries(rows.map((row) => [row.host, row.alive]));
    assert.equal(alive(await see('workers')).living, true);
    await client.end();
    const rows = await until('the server has noticed', async () => {
      const now = alive(await see('workers'));
      return !now.living && now;
    });
    assert.deepEqual(rows, { test: false, living: false });
  });

  test('admin.api_keys: use and storage, nothing secret', async () => {
    const [row] = await see('api_keys');
    assert.equal(row?.name, 'seen');
    assert.equal(row?.active_job_id, waiting);
    assert.deepEqual(
      [Number(row?.jobs), Number(row?.failed_jobs), Number(row?.stored_bytes)],
      [4, 2, 14],
    );
    assert.match(String(row?.secret_sealed_with), /^[0-9a-f]{8}$/);
    const shown = JSON.stringify(row);
    assert.ok(!shown.includes(key.webhookSecret) && !shown.includes(key.apiKey));
    assert.match(JSON.stringify(await see('storage')), /"api_key":"seen","bytes":"14"/);
  });

  test('admin.deliveries and admin.failing_receivers: what was sent, and which receivers fail', async () => {
    const deliveries = await see('deliveries');
    assert.deepEqual(
      deliveries.map((row) => [row.response_status, row.error_class, row.webhook_status]),
      [
        [500, 'status', 'abandoned'],
        [null, 'refused', 'pending'],
        [200, null, 'delivered'],
      ],
    );
    const [bad, ...others] = await see('failing_receivers');
    assert.equal(others.length, 0);
    assert.equal(bad?.host, 'bad.example');
    assert.deepEqual([Number(bad?.waiting), Number(bad?.abandoned)], [1, 1]);
    assert.deepEqual(bad?.api_keys, ['seen']);
    assert.equal(bad?.last_error, 'It refused the connection.');
    assert.equal(bad?.last_delivered, null);
  });

  test('admin.throughput: an hour, its failures by reason, its waits', async () => {
    const [hour, ...before] = await see('throughput');
    assert.equal(before.length, 7 * 24, 'hours without jobs are there too');
    assert.deepEqual([Number(hour?.completed), Number(hour?.failed)], [1, 2]);
    assert.deepEqual(hour?.failures, { 'The audio is silent.': 1, 'It was not to be.': 1 });
    assert.equal(Number(hour?.render_p95), 2);
    assert.ok(Number(hour?.wait_p50) >= 0);
  });

  test('admin.latency and admin.failures: the same of a day, and what failed in words', async () => {
    const day = await see('latency');
    assert.deepEqual(
      day.map((row) => [row.task, Number(row.completed), Number(row.failed)]),
      [
        ['all', 1, 2],
        ['render', 1, 2],
        ['render_moving', 0, 0],
      ],
    );
    assert.equal(Number(day[0]?.render_p95), 2);
    const failures = await see('failures');
    assert.deepEqual(
      failures.map((row) => [row.error_message, Number(row.jobs), Number(row.our_fault)]).sort(),
      [
        ['It was not to be.', 1, 1],
        ['The audio is silent.', 1, 0],
      ],
    );
    const silent = failures.find((row) => row.latest_job === failed);
    assert.equal(silent?.latest_detail, 'for operators');
  });

  test('admin.slow_renders: those that ended and those that run, far over the usual', async () => {
    const others = await jobsInSql(cleanup);
    const owner = await createKey(others.db, 'slow');
    const [finished, running] = [
      await createJob(others.db, owner.id),
      await createJob(others.db, (await createKey(others.db, 'hangs')).id),
    ];
    for (const id of [finished, running]) await others.claim(id);
    await others.complete(finished);
    await others.db.run(sql`
      insert into vidgen.job (api_key_id, status, progress, share_token, render_seconds, finished_at)
      select ${owner.id}, 'COMPLETED', 100, 'token' || n, n, now() from generate_series(2, 12, 10) n, generate_series(1, 2) twice
      on conflict do nothing`);
    const slow = () => others.db.run(sql<Row>`select * from admin.slow_renders`);
    assert.deepEqual(
      (await slow()).map((row) => Number(row.render_seconds)),
      [12],
      'four times the usual 2 s is less than 10 s, which is no bother',
    );
    await others.db.run(
      sql`update vidgen.job set started_at = now() - interval '1 hour' where id = ${running}`,
    );
    assert.equal((await slow())[0]?.id, running);
  });

  test('admin.health: what a service has that runs well', async () => {
    await call(jobs.db, 'record_tidy');
    await call(jobs.db, 'record_tidy');
    const [health, ...more] = await see('health');
    assert.equal(more.length, 0);
    assert.ok(Number(health?.workers_alive) >= 1);
    assert.equal(Number(health?.stored_bytes), 14);
    assert.ok(Number(health?.database_bytes) > 1e6);
    assert.ok(health?.last_tidy_at instanceof Date);
    assert.equal(health?.paused_for, null);
  });

  test('admin.health: a transaction that stays open is seen, with the rows that it keeps', async () => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: jobs.url });
    await client.connect();
    await client.query('begin isolation level repeatable read');
    await client.query('select 1');
    const [health] = await see('health');
    assert.notEqual(health?.oldest_snapshot, null);
    await client.end();
  });

  test('admin.expiring: what goes within a day, by key', async () => {
    const all = async (within: string, keep: string) =>
      jobs.db.run(sql<Row>`select * from admin.expiring(${within}, ${keep}, ${keep})`);
    assert.deepEqual(await all('1 hour', '2 hours'), []);
    const [mine] = await all('2 hours', '1 hour');
    assert.equal(mine?.api_key, 'seen');
    assert.equal(Number(mine?.bytes), 14, 'both of the video and the inputs, which are empty');
    assert.equal(Number(mine?.files), 8);
  });

  test('admin.near_limits: keys and clients that have used most of what they may', async () => {
    const near = (perKey: number, all: number) =>
      jobs.db.run(sql<Row>`
        select what, who, percent from admin.near_limits(${perKey}, ${all}, '{"requests": 3}')`);
    await jobs.db.run(sql`
      select api.admit('{198.51.100.1,198.51.100.1,198.51.100.1}', '{null,null,null}')`);
    assert.deepEqual(await near(17, 1_000), [
      { what: 'requests a minute', who: '198.51.100.1', percent: 100 },
      { what: 'stored bytes', who: 'seen', percent: 82 },
    ]);
    await call(jobs.db, 'admin.set_limits', {
      name: 'seen',
      max_stored_bytes: 100,
      max_file_mb: null,
      max_audio_minutes: null,
    });
    assert.deepEqual(
      (await near(17, 14)).map(({ who }) => who),
      ['all keys', '198.51.100.1'],
      'a limit of its own counts, and one for all',
    );
    await jobs.db.run(sql`delete from vidgen.rate_limit`);
  });

  test('admin.rate_limits: the busy clients of this minute', async () => {
    await jobs.db.run(sql`select api.admit('{192.0.2.1,192.0.2.1,192.0.2.2}', '{null,null,null}')`);
    const rows = await see('rate_limits');
    assert.deepEqual(
      rows.map((row) => [row.client, row.policy, row.hits]),
      [
        ['192.0.2.1', 'requests', 2],
        ['192.0.2.2', 'requests', 1],
      ],
    );
    assert.ok(Number(rows[0]?.seconds_left) > 0 && Number(rows[0]?.seconds_left) <= 60);
  });

  test('each view and function says what it is; functions run as their owner, with a fixed path', async () => {
    const silent = await jobs.db.run(sql`
      select oid::regclass::text as name from pg_class
        where relnamespace = 'admin'::regnamespace and relkind = 'v' and obj_description(oid) is null
      union all
      select oid::regprocedure::text from pg_proc where pronamespace = 'admin'::regnamespace
        and (obj_description(oid) is null or not prosecdef or proconfig is null)`);
    assert.deepEqual(silent, []);
  });
});
