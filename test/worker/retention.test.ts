import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import { openDb } from '../../src/postgres/db.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { createJob, createKey, type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

describe('retention and quotas', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup, {
      worker: true,
      env: { KEEP_INPUTS_HOURS: '1', KEEP_VIDEOS_DAYS: '2', KEEP_JOBS_DAYS: '3' },
    });
  });

  const completed = async (key: Key): Promise<string> => {
    const response = await service.submit(key, await tinyInputs());
    const { jobId } = (await response.json()) as { jobId: string };
    await service.until(key, jobId, 'COMPLETED');
    return jobId;
  };
  /** Backdates everything by this much, then runs the minute's tidying. */
  const later = async (jobId: string, time: string) => {
    await service.db.run(sql`
      update vidgen.blob set created_at = created_at - ${time}::interval where job_id = ${jobId}`);
    await service.db.run(sql`
      update vidgen.job set finished_at = finished_at - ${time}::interval where id = ${jobId}`);
    await service.db.run(sql`select graphile_worker.add_job('tidy', job_key => 'tidy')`);
    await until('it is tidied', async () => {
      const queued = await service.db.run(sql`select from graphile_worker.jobs where key = 'tidy'`);
      return queued.length === 0;
    });
  };
  const kinds = async (jobId: string) => {
    const blobs = await service.db.run(
      sql<{ kind: string }>`select kind from vidgen.blob where job_id = ${jobId} order by kind`,
    );
    return blobs.map((blob) => blob.kind);
  };
  const storedBy = async (key: Key) => {
    const row = await service.db.first(sql<{ counted: number; real: number }>`
      select coalesce((select bytes from vidgen.storage where api_key_id = ${key.id}), 0)::int as counted,
        coalesce((select sum(size) from vidgen.blob where api_key_id = ${key.id}), 0)::int as real`);
    assert.equal(row?.counted, row?.real);
    return row?.counted ?? 0;
  };

  test('inputs go after an hour, the video after two days, the job after three', async () => {
    const key = await service.createKey();
    const jobId = await completed(key);
    const before = await service.until(key, jobId, 'COMPLETED');
    const addresses = [before.outputVideo, before.outputShareLink] as string[];
    const answers = () =>
      Promise.all(addresses.map(async (address) => (await fetch(address)).status));
    assert.deepEqual(await kinds(jobId), ['audio', 'image', 'poster', 'video']);
    assert.deepEqual(await answers(), [200, 200]);
    const all = await storedBy(key);

    await later(jobId, '61 minutes');
    assert.deepEqual(await kinds(jobId), ['poster', 'video']);
    assert.deepEqual(await answers(), [200, 200]);
    assert.ok((await storedBy(key)) < all);

    await later(jobId, '2 days');
    assert.deepEqual(await kinds(jobId), []);
    assert.deepEqual(await answers(), [410, 410]);
    assert.equal(await storedBy(key), 0);
    const expired = await service.until(key, jobId, 'COMPLETED');
    assert.deepEqual(expired, { ...before, outputVideo: null, outputShareLink: null });

    await later(jobId, '1 day');
    assert.equal((await service.call(`/api/status/${jobId}`, key)).status, 404);
    assert.deepEqual(await answers(), [404, 404]);
  });

  test('many go in batches', async () => {
    const { id } = await createKey(service.db);
    await service.db.run(sql`
      with made as (
        insert into vidgen.job (api_key_id, status, error_message, finished_at)
        select ${id}, 'FAILED', 'x', now() - interval '30 minutes' from generate_series(1, 110) returning id)
      insert into vidgen.blob (process_id, job_id, api_key_id, kind, content_type, size, sha256, created_at)
      select 0, made.id, ${id}, k, 'image/png', 1, '', now() - interval '30 minutes'
      from made, unnest(array['image', 'audio']) k`);
    await service.db.run(sql`insert into vidgen.storage values (${id}, 220)`);
    const sizes = [];
    for (let n = -1; n !== 0; sizes.push(n)) {
      n = await call(service.db, 'expire_inputs', { keep: '10 minutes' });
    }
    assert.deepEqual(sizes, [100, 100, 20, 0]);
    const row = await service.db.first(sql<{ bytes: string }>`
      select bytes from vidgen.storage where api_key_id = ${id}`);
    assert.equal(Number(row?.bytes), 0);
  });

  test('a submission that would exceed the storage of its key is refused before its files are read, others are not; a full storage refuses all', async (t) => {
    const { databaseUrl, url } = service;
    const key = await service.createKey();
    await completed(key);
    const stored = await storedBy(key);
    await service.db.run(sql`
      update vidgen.api_key set max_stored_bytes = ${stored + 100} where id = ${key.id}`);
    const answer = async (to: string, body: RequestInit['body'], by = key) => {
      const response = await fetch(`${to}/api/jobs`, {
        method: 'POST',
        headers: { 'X-API-Key': by.apiKey, 'X-Test-Ip': '10.9.9.9' },
        body,
        duplex: 'half',
      });
      const { code, error } = (await response.json()) as { code: string; error: string };
      assert.ok(error.length > 20);
      return [response.status, code];
    };
    // There is no multipart in it to be complained about, unless it is read.
    assert.deepEqual(await answer(url, 'x'.repeat(101)), [413, 'storage_quota_exceeded']);
    assert.deepEqual(await answer(url, 'x'.repeat(100)), [400, 'not_multipart']);
    const unannounced = () => new Blob(['x']).stream();
    assert.deepEqual(await answer(url, unannounced()), [413, 'storage_quota_exceeded']);
    const fresh = await service.createKey();
    assert.deepEqual(await answer(url, unannounced(), fresh), [400, 'not_multipart']);

    const env = { MAX_STORED_BYTES: '100' };
    const full = await startService(t, { databaseUrl, env });
    assert.deepEqual(await answer(full.url, 'x'), [500, 'storage_full']);
    const row = await service.db.first(sql<{ bytes: string }>`
      select bytes from admin.storage where api_key = ${key.name}`);
    assert.equal(Number(row?.bytes), await storedBy(key));
  });

  test('a message that is still to be sent keeps its job, however short the retention', async () => {
    const key = await createKey(service.db);
    const jobId = await endJob(service.db, key.id, 'https://away.invalid/hook');
    await service.db.run(sql`
      update vidgen.job set finished_at = now() - interval '1 year' where id = ${jobId}`);
    const kept = () => service.db.first(sql`select from vidgen.job where id = ${jobId}`);
    await call(service.db, 'delete_jobs', { keep: '1 day' });
    assert.ok(await kept());
    await service.db.run(sql`
      update vidgen.webhook set status = 'abandoned', next_attempt_at = null where job_id = ${jobId}`);
    await call(service.db, 'delete_jobs', { keep: '1 day' });
    assert.equal(await kept(), undefined);
  });

  test('queue rows that had all their tries wait for nothing: they are not counted, and go', async (t) => {
    const db = openDb((await createDatabase(t)).url, { max: 1 });
    t.after(() => db.close());
    await db.run(sql`select graphile_worker.add_job('tidy', max_attempts => 1)`);
    const seen = () => db.run(sql`select waiting::int from admin.queue where task = 'tidy'`);
    assert.deepEqual(await seen(), [{ waiting: 1 }]);
    await db.run(sql`update graphile_worker._private_jobs set attempts = 1`);
    assert.deepEqual(await seen(), []);
    await call(db, 'tidy');
    assert.deepEqual(await db.run(sql`select from graphile_worker._private_jobs`), []);
  });

  test('tidy puts right what was forgotten: files of nobody, a job that nobody renders', async (t) => {
    const db = openDb((await createDatabase(t)).url, { max: 2 });
    t.after(() => db.close());
    const jobId = await createJob(db, (await createKey(db)).id);
    const idle = await db.first(sql<{ id: number }>`
      insert into vidgen.process (kind, host, pid, beat_at) values ('worker', 'idle', 1, now()) returning id`);
    await call(db, 'claim_job', { job_id: jobId, process_id: idle?.id as number });
    await db.run(sql`select graphile_worker.remove_job(${`render:${jobId}`})`);
    await db.run(sql`
      update vidgen.job set started_at = now() - interval '2 minutes' where id = ${jobId}`);
    await db.run(sql`
      insert into vidgen.blob (process_id, created_at)
      values (${idle?.id}, now() - interval '7 hours'), (${idle?.id}, now() - interval '5 hours')`);
    await call(db, 'tidy');
    const [job] = await db.run(sql`
      select j.status, q.attempts from vidgen.job j join graphile_worker.jobs q on q.key = 'render:' || j.id`);
    assert.deepEqual(job, { status: 'PENDING', attempts: 0 });
    const [attempt] = await db.run(sql`select outcome, job_status from admin.attempts`);
    assert.deepEqual(attempt, { outcome: 'released', job_status: 'PENDING' });
    assert.equal((await db.run(sql`select from vidgen.blob where job_id is null`)).length, 1);

    await db.run(sql`
      update vidgen.blob set created_at = created_at - interval '2 hours' where job_id = ${jobId}`);
    const removed = await call(db, 'expire_inputs', { keep: '1 hour' });
    assert.equal(removed, 0, 'an active job keeps its inputs');
  });
});
