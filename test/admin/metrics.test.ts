import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { call } from '../../src/postgres/call.ts';
import { freePort } from '../../src/process/free_port.ts';
import { startVidgen } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Service, startService } from '../support/service.ts';

const token = 'a-token-for-the-scraper';

describe('GET /metrics', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup, { env: { METRICS_TOKEN: token }, worker: true });
  });
  const scrape = async (): Promise<string> => {
    const answer = await service.call('/metrics', undefined, {
      headers: { Authorization: `Bearer ${token}` },
    });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('Content-Type') ?? '', /^text\/plain; version=0\.0\.4/);
    return answer.text();
  };
  /** The value of the one line that begins with this text. */
  const value = (text: string, beginning: string): number => {
    const lines = text.split('\n').filter((line) => line.startsWith(beginning));
    assert.equal(lines.length, 1, `${beginning} in\n${text}`);
    return Number(lines[0]?.split(' ').at(-1));
  };

  test('only with the token', async () => {
    for (const Authorization of ['', 'Bearer', `Bearer ${token}x`, token]) {
      const answer = await service.call('/metrics', undefined, { headers: { Authorization } });
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('WWW-Authenticate'), 'Bearer');
      assert.deepEqual(Object.keys((await answer.json()) as object), [
        'error',
        'code',
        'requestId',
      ]);
    }
  });

  test('requests, uploads, jobs and this process are measured', async () => {
    const key = await service.createKey();
    const { jobId } = (await (await service.submit(key)).json()) as { jobId: string };
    await service.until(key, jobId, 'COMPLETED');
    await service.call('/api/jobs', 'vg_unknown');
    await service.call('/api/nothing/here', key);
    const text = await scrape();
    const requests = (route: string, method: string, status: number) =>
      value(
        text,
        `vidgen_http_request_seconds_count{method="${method}",route="${route}",status="${status}"}`,
      );
    assert.equal(requests('/api/jobs', 'POST', 201), 1);
    assert.equal(requests('/api/jobs', 'GET', 401), 1);
    assert.ok(requests('/api/status/:jobId', 'GET', 200) >= 1);
    assert.ok(!text.includes(jobId), 'a route, never a path');
    assert.equal(requests('/api/*', 'GET', 404), 1);
    assert.ok(value(text, 'vidgen_upload_bytes_total') > 10_000);
    assert.equal(value(text, 'vidgen_job_wait_seconds_count'), 1);
    assert.equal(value(text, 'vidgen_render_seconds_count{outcome="completed"}'), 1);
    assert.ok(value(text, 'vidgen_real_time_factor_sum') > 0);
    assert.equal(value(text, 'vidgen_watched_jobs'), 0);
    assert.equal(value(text, 'vidgen_database_up'), 1);
    assert.ok(value(text, 'vidgen_database_statements{pool="vidgen web"}') >= 0);
    assert.ok(value(text, 'nodejs_eventloop_lag_mean_seconds') >= 0);
  });

  test('what waits is measured', async () => {
    await call(service.db, 'admin.pause_queue');
    const key = await service.createKey();
    await createJob(service.db, key.id);
    const text = await scrape();
    assert.equal(value(text, 'vidgen_queue_waiting{task="render"}'), 1);
    assert.equal(value(text, 'vidgen_queue_running{task="render"}'), 0);
    assert.ok(value(text, 'vidgen_queue_oldest_seconds{task="render"}') >= 0);
  });

  test('there is no such path without a token, but with the embedded database', async (t) => {
    const closed = await startService(t, { databaseUrl: service.databaseUrl });
    const answer = await closed.call('/metrics');
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { code: string }).code, 'not_found');
  });

  test('a worker serves its own on METRICS_PORT', async () => {
    const port = await freePort();
    const worker = startVidgen(
      {
        DATABASE_URL: service.databaseUrl,
        METRICS_PORT: String(port),
        METRICS_TOKEN: token,
        HOST: '127.0.0.1',
        LOG_LEVEL: 'warn',
      },
      'worker',
    );
    cleanup.after(() => worker.kill('SIGKILL'));
    const ask = () =>
      fetch(`http://127.0.0.1:${port}/metrics`, {
        headers: { Authorization: `Bearer ${token}` },
      }).catch(() => undefined);
    let answer = await ask();
    while (!answer) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      answer = await ask();
    }
    assert.match(await answer.text(), /^vidgen_queue_waiting\{task="render"\} 1$/m);
  });
});
