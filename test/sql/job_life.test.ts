import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { completeJob, fileOf } from '../support/job_moves.ts';
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
    processId = await call(db, 'register_process', { kind: 'worker', host: 'here', pid: 1 });
  });
  const freshKey = async () => {
    key = await createKey(db);
    return key;
  };
  const claim = (jobId: string, by = processId) =>
    call(db, 'claim_job', { job_id: jobId, process_id: by });
  const complete = (jobId: string, attempt: number) =>
    completeJob(db, processId, { jobId, attempt, publicUrl: url });
  const status = async (jobId: string) => {
    const asked = { api_key_ids: [key.id], job_ids: [jobId], public_url: url };
    const [row] = await call(db, 'get_job_status', asked);
    return row && (JSON.parse(row.body) as Record<string, unknown>);
  };
  const refusedWith = (code: string) => (error: { code?: string; detail?: string }) =>
    error.detail === code && /^VG\d{3}$/.test(error.code ?? '');

  test('claim, progress, complete; each a second time', async () => {
    const jobId = await createJob(db, (await freshKey()).id, 'https://example.com/hook');
    const claimed = await claim(jobId);
    assert.equal(claimed?.attempt, 1);
    assert.equal(claimed?.audio_content_type, 'audio/mpeg');
    const other = await call(db, 'register_process', { kind: 'worker', host: 'there', pid: 2 });
    assert.equal(await claim(jobId, other), undefined, 'a second claim finds nothing');

    const report = (percent: number) =>
      call(db, 'set_progress', { job_id: jobId, attempt: 1, percent });
    assert.equal(await report(40), true);
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
    assert.equal(await report(50), false);
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
      call(db, 'fail_job', {
        job_id: jobId,
        attempt: 1,
        error_message: 'The audio has no sound.',
        error_detail: 'ffmpeg said so',
      });
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
    // If another worker lived, the job would be left to it.
    await db.run(sql`delete from vidgen.process where kind = 'worker' and id <> ${processId}`);
    const jobId = await createJob(db, (await freshKey()).id);
    const release = (attempt: number, reason: string | null) =>
      call(db, 'release_job', {
        job_id: jobId,
        attempt,
        error_message: reason,
        error_detail: 'disk full',
      });
    await claim(jobId);
    assert.equal(await release(1, null), 'PENDING');
    await assert.rejects(release(1, null), refusedWith('attempt_overtaken'));
    assert.equal((await claim(jobId))?.attempt, 2);
    const waits = async () =>
      (
        await db.first(sql<{ minutes: number }>`
          select round(extract(epoch from run_at - clock_timestamp()) / 60)::int as minutes
          from graphile_worker.jobs where key = ${`render:${jobId}`}`)
      )?.minutes;
    assert.equal(await release(2, 'The disk is full.'), 'PENDING');
    assert.equal(await waits(), 1, 'nobody else could do it');
    const other = await call(db, 'register_process', { kind: 'worker', host: 'there', pid: 4 });
    await claim(jobId);
    assert.equal(await waits(), 0, 'another worker has not failed at it');
    await call(db, 'rest', { process_id: other, resting: true });
    await claim(jobId);
    assert.equal(await release(3, 'The disk is full.'), 'PENDING');
    assert.equal(await waits(), 5);
    await db.run(sql`delete from vidgen.process where id = ${other}`);
    await claim(jobId);
    assert.equal(await release(4, 'The disk is full.'), 'FAILED');
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

  test('files are fetched before a job can be rendered: by one process, in few tries', async () => {
    const other = await call(db, 'register_process', { kind: 'worker', host: 'there', pid: 3 });
    const queued = (jobId: string) =>
      db.run(
        sql`select task_identifier as task from graphile_worker.jobs where key = ${`render:${jobId}`}`,
      );
    const submit = async (sources: Record<string, string>) =>
      (await call(db, 'create_job', { api_key_id: (await freshKey()).id, sources })).job_id;
    const begin = (jobId: string, by = processId) =>
      call(db, 'begin_fetch', { job_id: jobId, process_id: by });
    const attach = async (jobId: string, kind: string, by = processId) =>
      call(db, 'attach_input', {
        job_id: jobId,
        process_id: by,
        kind,
        blob_id: await fileOf(db, processId),
      });
    const release = (jobId: string) =>
      call(db, 'release_fetch', { job_id: jobId, process_id: processId });
    const sources = { image: 'https://a.example/i', audio: 'https://a.example/a' };

    const jobId = await submit(sources);
    assert.deepEqual(await queued(jobId), [{ task: 'fetch_input' }]);
    assert.equal(await claim(jobId), undefined, 'it cannot be rendered yet');
    assert.deepEqual((await begin(jobId, other))?.sources, sources);
    assert.deepEqual((await begin(jobId))?.sources, sources);
    await assert.rejects(attach(jobId, 'image', other), refusedWith('attempt_overtaken'));
    await attach(jobId, 'image');
    assert.deepEqual((await begin(jobId))?.sources, { audio: sources.audio });
    await release(jobId);
    assert.deepEqual(await queued(jobId), [{ task: 'fetch_input' }]);
    assert.ok(await begin(jobId), 'what was handed back was no try');
    await attach(jobId, 'audio');
    assert.deepEqual(await queued(jobId), [{ task: 'render' }]);
    assert.equal(await begin(jobId), undefined, 'nothing is left to fetch');
    assert.equal((await claim(jobId))?.attempt, 1);

    const deadly = await submit(sources);
    for (let i = 0; i < 3; i++) assert.ok(await begin(deadly));
    assert.equal(await begin(deadly), undefined);
    assert.match(String((await status(deadly))?.errorMessage), /could not be fetched/);

    const cancelled = await submit(sources);
    await begin(cancelled);
    const report = { job_id: cancelled, process_id: processId, kind: 'audio', fetched_bytes: 7 };
    assert.equal(await call(db, 'report_fetch', report), true);
    await call(db, 'cancel_job', { api_key_id: key.id, job_id: cancelled });
    assert.equal(await call(db, 'report_fetch', report), false);
    await assert.rejects(release(cancelled), refusedWith('attempt_overtaken'));
  });

  test('a clock that is set back takes no change from those who follow a job', async () => {
    const jobId = await createJob(db, (await freshKey()).id);
    const ahead = '2099-01-01T00:00:00.000Z';
    await db.run(sql`update vidgen.job set updated_at = ${ahead}::timestamptz where id = ${jobId}`);
    await call(db, 'cancel_job', { api_key_id: key.id, job_id: jobId });
    const [job] = await db.run(
      sql<{ at: Date }>`select updated_at as at from vidgen.job where id = ${jobId}`,
    );
    assert.equal(job?.at.toISOString(), ahead);
  });

  test('someone else’s job cannot be read or cancelled', async () => {
    const jobId = await createJob(db, (await freshKey()).id);
    const stranger = await createKey(db);
    const both = { api_key_ids: [stranger.id, null], job_ids: [jobId, jobId], public_url: url };
    assert.deepEqual(await call(db, 'get_job_status', both), []);
    await assert.rejects(
      call(db, 'cancel_job', { api_key_id: stranger.id, job_id: jobId }),
      refusedWith('job_not_found'),
    );
  });

  test('a deactivated key creates nothing; a name is given once', async () => {
    await freshKey();
    await call(db, 'admin.deactivate_api_key', { name: key.name });
    await call(db, 'admin.deactivate_api_key', { name: key.name });
    await assert.rejects(createJob(db, key.id), refusedWith('api_key_unknown'));
    await assert.rejects(createKey(db, key.name), refusedWith('name_taken'));
    await assert.rejects(
      call(db, 'admin.deactivate_api_key', { name: 'nobody' }),
      refusedWith('api_key_not_found'),
    );
  });

  test('a forgotten queue row comes back with tidy, an existing one is not doubled', async () => {
    const jobId = await createJob(db, (await freshKey()).id);
    await db.run(sql`select graphile_worker.remove_job(${`render:${jobId}`})`);
    await call(db, 'tidy');
    await call(db, 'tidy');
    const queued = await db.run(
      sql`select from graphile_worker.jobs where key = ${`render:${jobId}`}`,
    );
    assert.equal(queued.length, 1);
  });
});
