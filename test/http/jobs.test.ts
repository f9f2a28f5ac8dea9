import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Key, type Service, startService } from '../support/service.ts';

describe('POST and DELETE /api/jobs, without a worker', () => {
  let service: Service;
  let key: Key;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    key = await service.createKey('first');
  });

  test('health needs no key', async () => {
    const response = await service.call('/api/health');
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
  });

  test('a submission makes a PENDING job; a second is refused with the id of the first', async () => {
    const first = await service.submit(key);
    assert.equal(first.status, 201);
    const created = (await first.json()) as { message: string; jobId: string };
    assert.deepEqual(Object.keys(created), ['message', 'jobId']);
    assert.match(created.jobId, /^c[a-z0-9]{24}$/);

    const second = await service.submit(key);
    assert.equal(second.status, 409);
    const refused = (await second.json()) as Record<string, string>;
    assert.equal(refused.code, 'active_job_exists');
    assert.equal(refused.activeJobId, created.jobId);
    assert.equal(refused.requestId, second.headers.get('X-Request-Id'));

    const status = await service.call(`/api/status/${created.jobId}`, key);
    const job = (await status.json()) as Record<string, unknown>;
    assert.equal(job.status, 'PENDING');
    assert.equal(job.progress, 0);
  });

  test('someone else neither sees nor cancels it; the owner cancels it once', async () => {
    const stranger = await service.createKey('stranger');
    const page = (await (await service.call('/api/jobs', key)).json()) as {
      jobs: { id: string }[];
    };
    const jobId = page.jobs[0]?.id;
    assert.equal((await service.call(`/api/status/${jobId}`, stranger)).status, 404);
    assert.equal(
      (await service.call(`/api/jobs/${jobId}`, stranger, { method: 'DELETE' })).status,
      404,
    );

    const [one, two] = await Promise.all([
      service.call(`/api/jobs/${jobId}`, key, { method: 'DELETE' }),
      service.call(`/api/jobs/${jobId}`, key, { method: 'DELETE' }),
    ]);
    assert.deepEqual([one.status, two.status].sort(), [200, 409]);
    const won = one.status === 200 ? one : two;
    assert.deepEqual(await won.json(), { success: true, message: 'Job cancelled successfully' });
    const queued = await service.db.run(
      sql`select from graphile_worker.jobs where key = ${`render:${jobId}`}`,
    );
    assert.equal(queued.length, 0);
  });

  test('200 submissions at the same time with one key: one job, nothing left of the others', async () => {
    const busy = await service.createKey('busy');
    const image = new File([await tinyPng()], 'a.png');
    const audio = new File([tinyWav()], 'a.wav');
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const response = await service.submit(busy, { image, audio });
        await response.body?.cancel();
        return response.status;
      }),
    );
    assert.equal(statuses.filter((status) => status === 201).length, 1);
    assert.equal(statuses.filter((status) => status === 409).length, 199);
    const left = await service.db.first(sql<{ jobs: string; unowned: string; chunks: string }>`
      select (select count(*) from vidgen.job where api_key_id = ${busy.id}) as jobs,
        (select count(*) from vidgen.blob where job_id is null) as unowned,
        (select count(*) from vidgen.blob_chunk c join vidgen.blob b on b.id = c.blob_id
          where b.job_id is null) as chunks`);
    assert.deepEqual({ ...left }, { jobs: '1', unowned: '0', chunks: '0' });
  });

  test('cancel and claim at the same time: exactly one wins', async () => {
    const racer = await service.createKey('racer');
    const jobId = await createJob(service.db, racer.id);
    const worker = await service.db.first(sql<{ id: number }>`
      insert into vidgen.process (kind, host, pid, beat_at) values ('worker', 'test', 2, now() + interval '1 day') returning id`);
    const claims = await Promise.all([
      service.db.run(sql`select * from api.claim_job(${jobId}, ${worker?.id})`),
      service.call(`/api/jobs/${jobId}`, racer, { method: 'DELETE' }),
    ]);
    const [claimed, cancelled] = claims;
    assert.equal(claimed.length === 1, cancelled.status === 409);
  });
});

async function tinyPng(): Promise<Buffer<ArrayBuffer>> {
  const { default: sharp } = await import('sharp');
  const png = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).png();
  return Buffer.from(await png.toBuffer());
}

/** A tenth of a second of silence. */
function tinyWav(): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(44 + 1600);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + 1600, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(16000, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(1600, 40);
  return bytes;
}
