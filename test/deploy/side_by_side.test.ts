import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { migrate } from '../../src/migrate.ts';
import { createJob, samples, startService } from '../support/service.ts';

test('a process that runs while the functions are loaded anew answers all the time, and after it', async (t) => {
  const service = await startService(t);
  const key = await service.createKey();
  const busy = await service.createKey();
  const jobId = await createJob(service.db, busy.id);
  const requests: [status: number, method: string, path: string][] = [
    [200, 'GET', '/api/ready'],
    [200, 'GET', '/api/jobs'],
    [200, 'GET', `/api/status/${jobId}`],
    [200, 'GET', `/api/jobs/${jobId}/webhooks`],
    [409, 'POST', '/api/jobs'],
    [404, 'GET', '/share/nothing'],
    [404, 'GET', '/media/nothing/video.mp4'],
  ];
  const { image } = await samples();
  let running = true;
  let answered = 0;
  const client = async (status: number, send: () => Promise<Response>) => {
    while (running) {
      const answer = await send();
      assert.equal(answer.status, status, `${answer.url}: ${await answer.text()}`);
      answered += 1;
    }
  };
  const clients = [
    ...requests.map(([status, method, path]) =>
      client(status, () => service.call(path, busy, { method })),
    ),
    // Stores a picture, and takes it back for want of audio.
    client(400, () => service.submit(key, { image })),
  ];
  const everybody = Promise.all(clients);
  // Each client gets answers before the first time, between each two, and after the last.
  const someAnswers = async () => {
    const enough = answered + 5 * clients.length;
    while (answered < enough) await Promise.race([everybody, new Promise(setImmediate)]);
  };
  for (let n = 0; n < 4; n++) {
    await someAnswers();
    await service.db.run(sql`delete from vidgen.migration where name = 'routines'`);
    const { routinesReloaded } = await migrate(service.databaseUrl);
    assert.ok(routinesReloaded);
  }
  await someAnswers();
  running = false;
  await everybody;
  const cancelled = await service.call(`/api/jobs/${jobId}`, busy, { method: 'DELETE' });
  assert.equal(cancelled.status, 200);
  assert.equal((await service.call('/api/jobs', key)).status, 200);
});
