import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { suiteCleanup } from '../support/database.ts';
import { workerOn } from '../support/job_moves.ts';
import { pngOf, wavOf } from '../support/multipart.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

type Created = { message: string; jobId: string; status?: string; progress?: number };

describe('8.4 a submission that waits for its job', { concurrency: true }, () => {
  let service: Service;
  let worker: Awaited<ReturnType<typeof workerOn>>;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    worker = await workerOn(service.db);
  });

  const [image, audio] = [pngOf(2_000), wavOf(3_000)].map(
    ({ name, bytes }) => new File([new Uint8Array(bytes)], name),
  ) as [File, File];
  const submit = (key: Key, prefer: string, more: Record<string, string> = {}) =>
    service.submit(key, { image, audio }, { Prefer: prefer, ...more });
  const activeJob = (key: Key) =>
    until('the job is there', async () => {
      const listed = await service.call('/api/jobs', key);
      const { jobs } = (await listed.json()) as { jobs: { id: string }[] };
      return jobs[0]?.id;
    });

  test('answers 201 with its status as soon as the job has ended', async () => {
    const key = await service.createKey();
    const answer = submit(key, 'respond-async, wait=60');
    const jobId = await activeJob(key);
    await worker.claim(jobId);
    await worker.complete(jobId, service.url);
    const response = await answer;
    const body = (await response.json()) as Created;
    assert.equal(response.status, 201);
    assert.equal(response.headers.get('Preference-Applied'), 'wait=60');
    assert.equal(response.headers.get('Location'), `/api/jobs/${jobId}`);
    assert.deepEqual(
      [body.message, body.jobId, body.status, body.progress],
      ['Job created', jobId, 'COMPLETED', 100],
    );
  });

  test('answers with the job as it stands when the time is up', async () => {
    const response = await submit(await service.createKey(), 'wait=1');
    assert.equal(response.status, 201);
    assert.equal(((await response.json()) as Created).status, 'PENDING');
  });

  test('a replay waits too; a preference that cannot be read is passed over', async () => {
    const key = await service.createKey();
    const once = { 'Idempotency-Key': 'once' };
    const first = await submit(key, 'wait=soon', once);
    const { jobId, ...rest } = (await first.json()) as Created;
    assert.deepEqual(
      [rest, first.headers.get('Preference-Applied')],
      [{ message: 'Job created' }, null],
    );
    const again = submit(key, 'wait=60', once);
    await worker.claim(jobId);
    await worker.fail(jobId, 'The audio is silent.');
    const body = (await (await again).json()) as Created;
    assert.deepEqual([body.jobId, body.status], [jobId, 'FAILED']);
  });
});
