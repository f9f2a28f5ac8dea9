import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { createJob, createKey, type Key } from '../support/service.ts';

const url = 'https://videos.example';

describe('the life of a job in SQL', () => {
  const cleanup = suiteCleanup();
  let db: Db;
  let key: Key;
  let processId: number;
  before(async () => {
    db = openDb((await createDatabase(cleanup)).url);
    cleanup.after(() => db.close());
    const row = await db.first(
      sql<{ id: number }>`select api.register_process('worker', 'here', 1) as id`,
    );
    processId = row?.id as number;
  });
  const freshKey = async () => {
    key = await createKey(db);
    return key;
  };
  const claim = (jobId: string, by = processId) =>
    db.run(
      sql<{
        attempt: number;
        audio_content_type: string;
      }>`select * from api.claim_job(${jobId}, ${by})`,
    );
  const blob = async () => {
    const row = await db.first(sql<{ id: string }>`
      insert into vidgen.blob (process_id, content_type, size, sha256)
      values (${processId}, 'video/mp4', 0, sha256('')) returning id`);
    return row?.id;
  };
  const complete = async (jobId: string, attempt: number) =>
    db.run(
      sql`select api.complete_job(${jobId}, ${attempt}, ${await blob()}, ${await blob()}, 1.5, 0.5, 640, 480, ${url})`,
    );
  const status = async (jobId: string) => {
    const row = await db.first(
      sql<{
        body: Record<string, unknown>;
      }>`select * from api.job_status(${key.id}, ${jobId}, ${url})`,
    );
    return row?.body;
  };
  const refusedWith = (code: string) => (error: { code?: string; detail?: string }) =>
    error.detail === code && /^VG\d{3}$/.test(error.code ?? '');

  test('claim, progress, complete; each a second time', async () => {
    const jobId = await createJob(db, (await freshKey()).id, 'https://example.com/hook');
    const [claimed] = await claim(jobId);
    assert.equal(claimed?.attempt, 1);
    assert.equal(claimed?.audio_content_type, 'audio/mpeg');
    const other = await db.first(
      sql<{ id: number }>`select api.register_process('worker', 'there', 2) as id`,
    );
    assert.deepEqual(await claim(jobId, other?.id), [], 'a second claim finds nothing');

    const report = (percent: number) =>
      db.first(sql<{ held: boolean }>`select api.set_progress(${jobId}, 1, ${percent}) as held`);
    assert.equal((await report(40))?.held, true);
    await report(30);
    assert.equal((await status(jobId))?.progress, 40, 'it never goes back');
    await report(100);
    assert.equal((await status(jobId))?.progress, 99, '100 comes with COMPLETED');

    await complete(jobId, 1);
    const done = await status(jobId);
    assert.deepEqual(Object.keys(done ?? {}), [
      ...[
        'jobId',
        'status',
        'progress',
        'outputVideo',
        'outputShareLink',
        'errorMessage',
        'createdAt',
        'updatedAt',
      ],
    ]);
    assert.equal(done?.status, 'COMPLETED');
    assert.equal(done?.progress, 100);
    assert.match(
      String(done?.outputVideo),
      /^https:\/\/videos\.example\/media\/[\w-]{22}\/video\.mp4$/,
    );
    assert.match(String(done?.outputShareLink), /^https:\/\/videos\.example\/share\/[\w-]{22}$/);
    assert.match(String(done?.createdAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    await assert.rejects(complete(jobId, 1), refusedWith('attempt_overtaken'));
    assert.equal((await report(50))?.held, false);
    const [message] = await db.run(
      sql<{
        body: string;
        status: string;
      }>`select body, status from vidgen.webhook where job_id = ${jobId}`,
    );
    assert.deepEqual(
      JSON.parse(message?.body ?? ''),
      done,
      'the webhook says what the status says',
    );
  });

  test('fail keeps the reason, frees the key and queues the webhook once', async () => {
    const jobId = await createJob(db, (await freshKey()).id, 'https://example.com/hook');
    await claim(jobId);
    const fail = () =>
      db.run(sql`select api.fail_job(${jobId}, 1, 'The audio has no sound.', 'ffmpeg said so')`);
    await fail();
    assert.equal((await status(jobId))?.errorMessage, 'The audio has no sound.');
    await assert.rejects(fail(), refusedWith('attempt_overtaken'));
    const queued = await db.run(
      sql`select from graphile_worker.jobs where key = ${`deliver_webhook:${jobId}`}`,
    );
    assert.equal(queued.length, 1);
    assert.match(await createJob(db, key.id), /^c/);
  });

  test('release hands the job back; with a reason the third time is FAILED', async () => {
    // With another worker about, the job would be left to that one.
    await db.run(sql`delete from vidgen.process where kind = 'worker' and id <> ${processId}`);
    const jobId = await createJob(db, (await freshKey()).id);
    const release = (attempt: number, reason: string | null) =>
      db.first(
        sql<{
          now: string;
        }>`select api.release_job(${jobId}, ${attempt}, ${reason}, 'disk full') as now`,
      );
    await claim(jobId);
    assert.equal((await release(1, null))?.now, 'PENDING');
    await assert.rejects(release(1, null), refusedWith('attempt_overtaken'));
    assert.equal((await claim(jobId))[0]?.attempt, 2);
    assert.equal((await release(2, 'The disk is full.'))?.now, 'PENDING');
    await claim(jobId);
    assert.equal((await release(3, 'The disk is full.'))?.now, 'PENDING');
    await claim(jobId);
    assert.equal((await release(4, 'The disk is full.'))?.now, 'FAILED');
    assert.equal((await status(jobId))?.errorMessage, 'The disk is full.');
    const attempts = await db.run(
      sql<{
        outcome: string;
      }>`select outcome from vidgen.attempt where job_id = ${jobId} order by attempt`,
    );
    assert.deepEqual(
      attempts.map((attempt) => attempt.outcome),
      ['released', 'machine failed', 'machine failed', 'machine failed'],
    );
  });

  test('a clock that is set back takes no change from those who follow a job', async () => {
    const jobId = await createJob(db, (await freshKey()).id);
    const ahead = '2099-01-01T00:00:00.000Z';
    await db.run(sql`update vidgen.job set updated_at = ${ahead}::timestamptz where id = ${jobId}`);
    await db.run(sql`select api.cancel_job(${key.id}, ${jobId})`);
    const [job] = await db.run(
      sql<{ at: Date }>`select updated_at as at from vidgen.job where id = ${jobId}`,
    );
    assert.equal(job?.at.toISOString(), ahead);
  });

  test('someone else’s job cannot be read or cancelled', async () => {
    const jobId = await createJob(db, (await freshKey()).id);
    const stranger = await createKey(db);
    assert.deepEqual(
      await db.run(sql`select * from api.job_status(${stranger.id}, ${jobId}, ${url})`),
      [],
    );
    await assert.rejects(
      db.run(sql`select api.cancel_job(${stranger.id}, ${jobId})`),
      refusedWith('job_not_found'),
    );
  });

  test('a deactivated key creates nothing; a name is given once', async () => {
    await freshKey();
    await db.run(sql`select admin.deactivate_api_key(${key.name})`);
    await db.run(sql`select admin.deactivate_api_key(${key.name})`);
    await assert.rejects(createJob(db, key.id), refusedWith('api_key_unknown'));
    await assert.rejects(createKey(db, key.name), refusedWith('name_taken'));
    await assert.rejects(
      db.run(sql`select admin.deactivate_api_key('nobody')`),
      refusedWith('api_key_not_found'),
    );
  });

  test('a forgotten queue row comes back with tidy, an existing one is not doubled', async () => {
    const jobId = await createJob(db, (await freshKey()).id);
    await db.run(sql`select graphile_worker.remove_job(${`render:${jobId}`})`);
    await db.run(sql`select api.tidy()`);
    await db.run(sql`select api.tidy()`);
    const queued = await db.run(
      sql`select from graphile_worker.jobs where key = ${`render:${jobId}`}`,
    );
    assert.equal(queued.length, 1);
  });
});
