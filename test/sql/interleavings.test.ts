import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { call } from '../../src/postgres/call.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { createJob, createKey, type Key } from '../support/service.ts';
import { untilRow } from '../support/until.ts';

/** Two transactions want the same row; the second waits for the first, in either order. */
describe('interleavings of two connections', () => {
  const cleanup = suiteCleanup();
  let db: Db;
  let first: pg.Client;
  let second: pg.Client;
  let key: Key;

  before(async () => {
    const { url } = await createDatabase(cleanup);
    db = openDb(url, { max: 2 });
    cleanup.after(() => db.close());
    const connect = async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      cleanup.after(() => client.end());
      return client;
    };
    [first, second] = [await connect(), await connect()];
    await db.run(
      sql`insert into vidgen.watch (since, last_at) values (now() - interval '1 hour', now() + interval '1 hour')`,
    );
  });
  beforeEach(async () => {
    await db.run(sql`delete from vidgen.process`);
    key = await createKey(db);
  });

  type Row = Record<string, unknown>;
  type Outcome = { rows: Row[] } | { refused: string | undefined };

  const outcome = (running: Promise<pg.QueryResult<Row>>): Promise<Outcome> =>
    running.then(
      ({ rows }) => ({ rows }),
      (error: pg.DatabaseError) => ({ refused: error.detail }),
    );

  /** The first does its part and stays open, the second waits for it; then the first commits. */
  async function interleave(
    one: string,
    two: string,
    end: 'commit' | 'rollback' = 'commit',
  ): Promise<[Row[], Outcome]> {
    await first.query('begin');
    const { rows } = await first.query<Row>(one);
    const later = outcome(second.query<Row>(two));
    const { rows: pid } = await first.query('select pg_backend_pid() as pid');
    await untilRow(
      'the later one waits',
      db,
      sql`select from pg_locks where not granted and ${pid[0].pid} = any (pg_blocking_pids(pid))`,
    );
    await first.query(end);
    return [rows, await later];
  }

  const worker = async (dead = false): Promise<number> => {
    const row = await db.first(sql<{ id: number }>`
      insert into vidgen.process (kind, host, pid, beat_at)
      values ('worker', 'here', 1, now() + ${dead ? '-20 s' : '1 h'}::interval) returning id`);
    return row?.id as number;
  };
  const blob = async (processId: number): Promise<string> => {
    const row = await db.first(sql<{ id: string }>`
      insert into vidgen.blob (process_id, content_type, size, sha256)
      values (${processId}, 'video/mp4', 0, sha256('')) returning id`);
    return row?.id as string;
  };
  const claim = (jobId: string, by: number) =>
    `select attempt from api.claim_job('${jobId}', ${by})`;
  const cancel = (jobId: string, force = false) =>
    `select api.cancel_job('${key.id}', '${jobId}', ${force})`;
  const sweep = 'select process_id, freed from api.sweep()';
  const complete = async (jobId: string, by: number) =>
    `select api.complete_job('${jobId}', 1, '${await blob(by)}', '${await blob(by)}', 1, 1, 64, 64, 'https://v.example')`;
  const status = async (jobId: string) => {
    const row = await db.first(
      sql<{ status: string }>`select status from vidgen.job where id = ${jobId}`,
    );
    return row?.status;
  };
  /** A job that a dead worker holds. */
  const heldByTheDead = async () => {
    const dead = await worker(true);
    const jobId = await createJob(db, key.id);
    await call(db, 'claim_job', { job_id: jobId, process_id: dead });
    return { dead, jobId };
  };

  test('cancel, then claim: there is nothing to claim', async () => {
    const jobId = await createJob(db, key.id);
    const [, claimed] = await interleave(cancel(jobId), claim(jobId, await worker()));
    assert.deepEqual(claimed, { rows: [] });
    assert.equal(await status(jobId), 'CANCELLED');
  });

  test('claim, then cancel: too late', async () => {
    const jobId = await createJob(db, key.id);
    const [, cancelled] = await interleave(claim(jobId, await worker()), cancel(jobId));
    assert.deepEqual(cancelled, { refused: 'job_not_cancellable' });
    assert.equal(await status(jobId), 'PROCESSING');
  });

  test('cancel by force, then a late finish: the finish is refused, and its video has no owner', async () => {
    const by = await worker();
    const jobId = await createJob(db, key.id);
    await call(db, 'claim_job', { job_id: jobId, process_id: by });
    const [, finished] = await interleave(cancel(jobId, true), await complete(jobId, by));
    assert.deepEqual(finished, { refused: 'attempt_overtaken' });
    assert.equal(await status(jobId), 'CANCELLED');
    const videos = await db.run(
      sql`select from vidgen.blob where job_id = ${jobId} and not vidgen.is_input(kind)`,
    );
    assert.equal(videos.length, 0);
    await createJob(db, key.id); // the key is free
  });

  test('a finish, then cancel by force: too late, and the video stays', async () => {
    const by = await worker();
    const jobId = await createJob(db, key.id);
    await call(db, 'claim_job', { job_id: jobId, process_id: by });
    const [, cancelled] = await interleave(await complete(jobId, by), cancel(jobId, true));
    assert.deepEqual(cancelled, { refused: 'job_not_cancellable' });
    assert.equal(await status(jobId), 'COMPLETED');
  });

  test('claim, then cancel by force: it is cancelled, and nobody may claim it again', async () => {
    const by = await worker();
    const jobId = await createJob(db, key.id);
    await interleave(claim(jobId, by), cancel(jobId, true));
    assert.equal(await status(jobId), 'CANCELLED');
    assert.deepEqual((await first.query(claim(jobId, by))).rows, []);
    const held = await call(db, 'holds_job', { job_id: jobId, attempt: 1 });
    assert.equal(held, false);
  });

  test('two claims: one has it', async () => {
    const jobId = await createJob(db, key.id);
    const [one, two] = await interleave(claim(jobId, await worker()), claim(jobId, await worker()));
    assert.deepEqual([one, two], [[{ attempt: 1 }], { rows: [] }]);
  });

  test('sweep, then a late finish: the finish is refused', async () => {
    const { dead, jobId } = await heldByTheDead();
    const [swept, finished] = await interleave(sweep, await complete(jobId, dead));
    assert.deepEqual(swept, [{ process_id: dead, freed: 1 }]);
    assert.deepEqual(finished, { refused: 'attempt_overtaken' });
    assert.equal(await status(jobId), 'PENDING');
  });

  test('a late finish, then sweep: the finish stands, and its video stays', async () => {
    const { dead, jobId } = await heldByTheDead();
    const [, swept] = await interleave(await complete(jobId, dead), sweep);
    assert.deepEqual(swept, { rows: [{ process_id: dead, freed: 0 }] });
    assert.equal(await status(jobId), 'COMPLETED');
    const kept = await db.run(sql`select from vidgen.blob where job_id = ${jobId}`);
    assert.equal(kept.length, 4);
  });

  test('sweep, then a claim of the dead: refused', async () => {
    const dead = await worker(true);
    const jobId = await createJob(db, key.id);
    const [, claimed] = await interleave(sweep, claim(jobId, dead));
    assert.deepEqual(claimed, { refused: 'process_gone' });
    assert.equal(await status(jobId), 'PENDING');
  });

  test('a claim of the dead, then sweep: it is freed', async () => {
    const dead = await worker(true);
    const jobId = await createJob(db, key.id);
    const [, swept] = await interleave(claim(jobId, dead), sweep);
    assert.deepEqual(swept, { rows: [{ process_id: dead, freed: 1 }] });
    assert.equal(await status(jobId), 'PENDING');
  });

  test('nobody is judged after a restart, nor after the clock was set back, before 10 s of watching', async () => {
    const { dead } = await heldByTheDead();
    const watch = (since: string, lastAt: string) =>
      db.run(
        sql`update vidgen.watch set since = ${since}::timestamptz, last_at = ${lastAt}::timestamptz`,
      );
    const swept = async () => (await first.query(sweep)).rows;
    const [{ started }] = (
      await first.query("select (pg_postmaster_start_time() - interval '1 ms')::text as started")
    ).rows;
    await watch('2026-01-01', started);
    assert.deepEqual(await swept(), [], 'the server has been started since');
    const later = new Date(Date.now() + 3_600_000).toISOString();
    await watch(later, later);
    assert.deepEqual(await swept(), [], 'that was never');
    await watch('2026-01-01', later);
    assert.deepEqual(await swept(), [{ process_id: dead, freed: 1 }]);
  });

  for (const end of ['commit', 'rollback']) {
    test(`two sweeps: the second does not wait; after the first one's ${end} nothing is lost or done twice`, async () => {
      const { dead, jobId } = await heldByTheDead();
      await first.query('begin');
      await first.query(sweep);
      assert.deepEqual((await second.query(sweep)).rows, []);
      await first.query(end);
      const again = (await second.query(sweep)).rows;
      assert.deepEqual(again, end === 'commit' ? [] : [{ process_id: dead, freed: 1 }]);
      const attempts = await db.run(
        sql`select attempt, outcome from vidgen.attempt where job_id = ${jobId}`,
      );
      assert.deepEqual(attempts, [{ attempt: 1, outcome: 'worker died' }]);
      const queued = await db.run(
        sql`select from graphile_worker._private_jobs where payload ->> 'jobId' = ${jobId}`,
      );
      assert.equal(queued.length, 1);
    });
  }

  const post = async (idempotencyKey = 'null') =>
    `select replayed from api.create_job('${key.id}', '${await blob(0)}', '${await blob(0)}', null, ${idempotencyKey})`;

  test('POST and POST: the second finds the key busy, or takes its place when the first comes to nothing', async () => {
    const [, busy] = await interleave(await post(), await post());
    assert.deepEqual(busy, { refused: 'active_job_exists' });
    key = await createKey(db);
    const [, made] = await interleave(await post(), await post(), 'rollback');
    assert.deepEqual(made, { rows: [{ replayed: false }] });
  });

  test('POST and POST with one Idempotency-Key: the second repeats the first, or replaces it', async () => {
    const [, repeated] = await interleave(await post(`'k'`), await post(`'k'`));
    assert.deepEqual(repeated, { rows: [{ replayed: true }] });
    key = await createKey(db);
    const [, made] = await interleave(await post(`'k'`), await post(`'k'`), 'rollback');
    assert.deepEqual(made, { rows: [{ replayed: false }] });
  });

  test('a job of a key that is being deactivated: one of the two comes first', async () => {
    const off = `select admin.deactivate_api_key('${key.name}')`;
    const [made] = await interleave(await post(), off);
    assert.deepEqual(made, [{ replayed: false }]);
    key = await createKey(db);
    const [, refused] = await interleave(
      `select admin.deactivate_api_key('${key.name}')`,
      await post(),
    );
    assert.deepEqual(refused, { refused: 'api_key_unknown' });
  });

  test('a retry, then the end of its inputs: the new job keeps them', async () => {
    const jobId = await createJob(db, key.id);
    await call(db, 'admin.fail_job', { job_id: jobId, reason: 'Try again.' });
    await db.run(
      sql`update vidgen.job set finished_at = now() - interval '2 h' where id = ${jobId}`,
    );
    await db.run(
      sql`update vidgen.blob set created_at = now() - interval '2 h' where job_id = ${jobId}`,
    );
    const [made, expired] = await interleave(
      `select admin.retry_job('${jobId}') as id`,
      `select api.expire_inputs('1 hour') as files`,
    );
    assert.deepEqual(expired, { rows: [{ files: 0 }] });
    const kept = await db.run(sql`select from vidgen.blob where job_id = ${made[0]?.id}`);
    assert.equal(kept.length, 2);
  });

  test('a machine that failed at a job leaves it to another; alone it tries again', async () => {
    // As in containers, where every process has the same pid.
    const [sick, well] = [await worker(), await worker()];
    const jobId = await createJob(db, key.id);
    const take = async (by: number) => (await first.query(claim(jobId, by))).rows;
    assert.deepEqual(await take(sick), [{ attempt: 1 }]);
    await call(db, 'release_job', {
      job_id: jobId,
      attempt: 1,
      error_message: 'The disk is full.',
    });
    assert.deepEqual(await take(sick), []);
    const queued = await db.run(
      sql`select from graphile_worker.jobs where key = ${`render:${jobId}`} and run_at > now()`,
    );
    assert.equal(queued.length, 1, 'it waits for the other');
    assert.deepEqual(await take(well), [{ attempt: 2 }]);
    await call(db, 'release_job', {
      job_id: jobId,
      attempt: 2,
      error_message: 'The disk is full.',
    });
    assert.deepEqual(await take(sick), [{ attempt: 3 }], 'none is better');
  });

  test('a claim whose answer got lost is made again', async () => {
    const by = await worker();
    const jobId = await createJob(db, key.id);
    for (const attempt of [1, 2]) {
      const { rows } = await first.query(claim(jobId, by));
      assert.deepEqual(rows, [{ attempt }]);
    }
    const attempts = await db.run(
      sql`select outcome from vidgen.attempt where job_id = ${jobId} order by attempt`,
    );
    assert.deepEqual(attempts, [{ outcome: 'released' }, { outcome: null }]);
  });
});
