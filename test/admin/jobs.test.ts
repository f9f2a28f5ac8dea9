import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { type JobsInSql, jobsInSql, refusedWith } from '../support/jobs_in_sql.ts';
import { createJob, createKey } from '../support/service.ts';
import { untilRow } from '../support/until.ts';

const hook = 'https://receiver.example/hook';
const nobody = 'c000000000000000000000000';

describe('what operators do to jobs', () => {
  const cleanup = suiteCleanup();
  let jobs: JobsInSql;
  before(async () => {
    jobs = await jobsInSql(cleanup);
  });
  const submit = async (webhookUrl: string | null = null) => {
    const key = await createKey(jobs.db);
    return { key, jobId: await createJob(jobs.db, key.id, webhookUrl) };
  };
  const failJob = (jobId: string, reason: string) =>
    call(jobs.db, 'admin.fail_job', { job_id: jobId, reason });
  const retryJob = async (jobId: string) => call(jobs.db, 'admin.retry_job', { job_id: jobId });

  test('fail_job ends a job that waits: by an attempt of the operator, with its webhook', async () => {
    const { key, jobId } = await submit(hook);
    await failJob(jobId, 'The service is being moved. Submit it again tomorrow.');
    const job = await jobs.db.first(
      sql<Record<string, unknown>>`select * from vidgen.job where id = ${jobId}`,
    );
    assert.equal(job?.status, 'FAILED');
    assert.equal(job?.error_message, 'The service is being moved. Submit it again tomorrow.');
    assert.equal(job?.error_detail, 'failed by an operator');
    assert.equal(job?.attempt, 1);
    const attempts = await jobs.db.run(
      sql`select worker, outcome from admin.attempts where job_id = ${jobId}`,
    );
    assert.deepEqual(attempts, [{ worker: 'operator', outcome: 'failed' }]);
    assert.ok(!(await jobs.queued('render')).includes(jobId));
    assert.ok((await jobs.queued('deliver_webhook')).includes(jobId));
    const operators = await jobs.db.run(sql`select from vidgen.process where host = 'operator'`);
    assert.equal(operators.length, 0, 'the process of the operator is gone');
    await createJob(jobs.db, key.id); // the key is free
    await assert.rejects(failJob(jobId, 'twice'), refusedWith('job_ended'));
  });

  test('fail_job ends a job that is being rendered: its worker finds itself overtaken', async () => {
    const { key, jobId } = await submit(hook);
    assert.equal(await jobs.claim(jobId), 1);
    await failJob(jobId, 'Stuck.');
    assert.equal(await jobs.status(jobId), 'FAILED');
    await assert.rejects(jobs.complete(jobId), refusedWith('attempt_overtaken'));
    assert.ok((await jobs.queued('deliver_webhook')).includes(jobId));
    await createJob(jobs.db, key.id);
  });

  test('fail_job wants a reason, and an active job', async () => {
    const { jobId } = await submit();
    await assert.rejects(failJob(jobId, ' '), refusedWith('invalid_reason'));
    await assert.rejects(failJob(jobId, 'x'.repeat(501)), refusedWith('invalid_reason'));
    await assert.rejects(failJob(nobody, 'why not'), refusedWith('job_not_found'));
    await jobs.claim(jobId);
    await jobs.complete(jobId);
    await assert.rejects(failJob(jobId, 'too late'), refusedWith('job_ended'));
  });

  test('fail_job and the worker that completes it: exactly one of them wins, the first', async () => {
    for (let i = 0; i < 10; i++) {
      const { jobId } = await submit();
      await jobs.claim(jobId);
      const both = await Promise.allSettled([failJob(jobId, 'Stuck.'), jobs.complete(jobId)]);
      const [failed, completed] = both.map(({ status }) => status === 'fulfilled');
      assert.notEqual(failed, completed);
      assert.equal(await jobs.status(jobId), failed ? 'FAILED' : 'COMPLETED');
    }
  });

  test('retry_job makes a new job from the files of the old one, once', async () => {
    const { key, jobId } = await submit(hook);
    await jobs.claim(jobId);
    await jobs.fail(jobId, 'The disk was full.');
    const newId = await retryJob(jobId);
    assert.ok(newId > jobId);
    assert.equal(await jobs.status(jobId), 'FAILED', 'the old one stays what its caller was told');
    const made = await jobs.db.first(
      sql<
        Record<string, unknown>
      >`select status, api_key_id, webhook_url, attempt from vidgen.job where id = ${newId}`,
    );
    assert.deepEqual(made, {
      status: 'PENDING',
      api_key_id: key.id,
      webhook_url: hook,
      attempt: 0,
    });
    assert.ok((await jobs.queued('render')).includes(newId));
    await assert.rejects(retryJob(jobId), refusedWith('active_job_exists'));
    assert.equal(await jobs.claim(newId), 1);
    await jobs.complete(newId);
    await assert.rejects(retryJob(jobId), refusedWith('inputs_gone'));
    assert.equal(await jobs.status(newId), 'COMPLETED');
  });

  test('retry_job keeps all that the job was submitted with', async () => {
    const { jobId } = await submit(hook);
    await jobs.db.run(sql`
      update vidgen.job set options = '{"fit":"cover"}', metadata = '{"order":"17"}', needs_renderer = 1
      where id = ${jobId}`);
    await jobs.db.run(sql`
      insert into vidgen.blob (process_id, job_id, api_key_id, kind, content_type, size, sha256)
      select process_id, job_id, api_key_id, 'captions', 'text/vtt', size, sha256
      from vidgen.blob where job_id = ${jobId} and kind = 'audio'`);
    await failJob(jobId, 'Stuck.');
    const newId = await retryJob(jobId);
    const made = await jobs.db.first(sql<Record<string, unknown>>`
      select options, metadata, needs_renderer, webhook_url,
        array(select b.kind from vidgen.blob b where b.job_id = j.id order by 1) as files
      from vidgen.job j where id = ${newId}`);
    assert.deepEqual(made, {
      options: { fit: 'cover' },
      metadata: { order: '17' },
      needs_renderer: 1,
      webhook_url: hook,
      files: ['audio', 'captions', 'image'],
    });
  });

  test('retry_job twice at once makes one job', async () => {
    const { jobId } = await submit();
    await failJob(jobId, 'Stuck.');
    const both = await Promise.allSettled([retryJob(jobId), retryJob(jobId)]);
    assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('retry_job counts the stored files once, and both jobs', async () => {
    const { key, jobId } = await submit();
    const stored = async () =>
      Number(
        (
          await jobs.db.first(
            sql<{ bytes: string }>`select bytes from vidgen.storage where api_key_id = ${key.id}`,
          )
        )?.bytes,
      );
    await jobs.db.run(sql`update vidgen.blob set size = 1000 where job_id = ${jobId}`);
    await jobs.db.run(sql`update vidgen.storage set bytes = 2000 where api_key_id = ${key.id}`);
    await failJob(jobId, 'Stuck.');
    const newId = await retryJob(jobId);
    assert.equal(await stored(), 2000);
    const counted = () =>
      jobs.db.first(
        sql`select jobs::int, failed_jobs::int from admin.api_keys where id = ${key.id}`,
      );
    assert.deepEqual(await counted(), { jobs: 2, failed_jobs: 1 });
    await failJob(newId, 'Stuck again.');
    await call(jobs.db, 'admin.purge_job', { job_id: newId });
    assert.equal(await stored(), 0);
    assert.deepEqual(await counted(), { jobs: 1, failed_jobs: 1 });
  });

  test('retry_job refuses what did not fail, and a key that is off or busy', async () => {
    const { key, jobId } = await submit();
    await assert.rejects(retryJob(nobody), refusedWith('job_not_found'));
    await assert.rejects(retryJob(jobId), refusedWith('job_not_failed'));
    await failJob(jobId, 'Stuck.');
    await call(jobs.db, 'admin.deactivate_api_key', { name: key.name });
    await assert.rejects(retryJob(jobId), refusedWith('api_key_deactivated'));
    await call(jobs.db, 'admin.activate_api_key', { name: key.name });
    const active = await createJob(jobs.db, key.id);
    await assert.rejects(retryJob(jobId), refusedWith('active_job_exists'));
    await failJob(active, 'Make room.');
    assert.equal(await jobs.status(await retryJob(jobId)), 'PENDING');
  });

  test('purge_job leaves nothing of an ended job', async () => {
    const { jobId } = await submit(hook);
    await assert.rejects(
      call(jobs.db, 'admin.purge_job', { job_id: jobId }),
      refusedWith('job_active'),
    );
    await jobs.claim(jobId);
    await jobs.complete(jobId);
    await call(jobs.db, 'admin.purge_job', { job_id: jobId });
    for (const table of ['attempt', 'blob', 'webhook']) {
      const left = await jobs.db.run(
        sql`select from ${sql.id('vidgen', table)} where job_id = ${jobId}`,
      );
      assert.equal(left.length, 0, table);
    }
    assert.ok(!(await jobs.queued('deliver_webhook')).includes(jobId));
    await assert.rejects(
      call(jobs.db, 'admin.purge_job', { job_id: jobId }),
      refusedWith('job_not_found'),
    );
  });
});

describe('pause_queue and resume_queue', () => {
  const cleanup = suiteCleanup();
  let jobs: JobsInSql;
  before(async () => {
    jobs = await jobsInSql(cleanup);
  });
  const pause = () => call(jobs.db, 'admin.pause_queue');
  const resume = () => call(jobs.db, 'admin.resume_queue');
  const submit = async () => createJob(jobs.db, (await createKey(jobs.db)).id);

  test('a pause lets nothing begin and loses nothing; twice does no more than once', async () => {
    const running = await submit();
    await jobs.claim(running);
    const first = await submit();
    await pause();
    await pause();
    assert.equal(await jobs.claim(first), undefined);
    // What the queue does when a task returns.
    await jobs.db.run(sql`select graphile_worker.remove_job(${`render:${first}`})`);
    const second = await submit();
    await jobs.complete(running);
    const [queue] = await jobs.db.run(
      sql<
        Record<string, unknown>
      >`select waiting, running, paused_since from admin.queue where task = 'render'`,
    );
    assert.equal(Number(queue?.waiting), 2);
    assert.equal(Number(queue?.running), 0);
    assert.ok(queue?.paused_since);

    assert.equal(await resume(), 2);
    assert.equal(await resume(), 0);
    assert.deepEqual((await jobs.queued('render')).sort(), [running, first, second].sort());
    assert.equal(await jobs.claim(first), 1);
    assert.equal(await jobs.claim(second), 1);
  });

  test('a claim that meets a resume waits for it, so that no job is left out', async () => {
    const { default: pg } = await import('pg');
    const jobId = await submit();
    await pause();
    const resuming = new pg.Client({ connectionString: jobs.url });
    await resuming.connect();
    try {
      await resuming.query('begin; select admin.resume_queue()');
      const late = await submit(); // after the resume has read the waiting jobs
      const claiming = jobs.claim(late);
      await untilRow(
        'the claim waits',
        jobs.db,
        sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%api.claim_job%' and datname = current_database()`,
      );
      await resuming.query('commit');
      assert.equal(await claiming, 1, 'it goes on as if there had been no pause');
      assert.equal(await jobs.claim(jobId), 1);
    } finally {
      await resuming.end();
    }
  });
});
