import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { before, describe, test } from 'node:test';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { loadConfig } from '../../src/config.ts';
import { call } from '../../src/postgres/call.ts';
import { openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { metricsRoute } from '../../src/routes/metrics.ts';
import { startVidgen } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

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
    assert.equal(value(text, 'vidgen_job_wait_seconds_count{task="render"}'), 1);
    assert.equal(value(text, 'vidgen_render_seconds_count{task="render",outcome="completed"}'), 1);
    assert.ok(value(text, 'vidgen_real_time_factor_sum{task="render"}') > 0);
    assert.equal(value(text, 'vidgen_workers_alive'), 1);
    assert.equal(value(text, 'vidgen_paused_seconds'), 0);
    assert.ok(value(text, 'vidgen_stored_bytes') > 10_000);
    assert.ok(value(text, 'vidgen_database_bytes') > 1e6);
    assert.ok(value(text, 'vidgen_temporary_free_bytes') > 0);
    assert.ok(value(text, 'vidgen_last_tidy_timestamp_seconds') >= 0);
    assert.ok(!text.includes('\nvidgen_stored_bytes_max '), 'there is no limit');
    assert.match(text, /^vidgen_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+"\} 1$/m);
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
    await until('the pause lasts', async () => value(await scrape(), 'vidgen_paused_seconds') > 0);
  });

  test('there is no such path without a token', async (t) => {
    const closed = await startService(t, { databaseUrl: service.databaseUrl });
    const answer = await closed.call('/metrics');
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { code: string }).code, 'not_found');
  });

  test('with the embedded database, without a token, for this machine alone', async () => {
    const db = openDb(service.databaseUrl, { max: 1 });
    cleanup.after(() => db.close());
    const route = metricsRoute({ ...loadConfig({}), openToThisMachine: true }, db, () => 0);
    const ask = async (remoteAddress: string, headers: Record<string, string>) => {
      const incoming = { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
      const app = new Hono().onError((error, c) => c.text(String(error), 404));
      return (await app.route('/', route as never).request('/metrics', {}, { incoming })).status;
    };
    for (const [address, host] of [
      ['127.0.0.1', 'localhost:3000'],
      ['::1', '[::1]:3000'],
      ['::ffff:127.0.0.1', '127.0.0.1:3000'],
    ] as const)
      assert.equal(await ask(address, { host }), 200, `${address} ${host}`);
    const host = 'localhost';
    assert.equal(await ask('192.0.2.1', { host }), 404, 'another machine');
    assert.equal(await ask('127.0.0.1', { host: 'evil.example' }), 404, 'a name that was rebound');
    for (const header of ['x-forwarded-for', 'forwarded', 'via'])
      assert.equal(await ask('127.0.0.1', { host, [header]: 'x' }), 404, 'a proxy');
  });

  test('a worker serves its own on METRICS_PORT, and says when it takes jobs', async () => {
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
    const ask = (path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { Authorization: `Bearer ${token}` },
      }).catch(() => undefined);
    const ready = await until('it takes jobs', async () => {
      const answer = await ask('/readyz');
      return answer?.status === 200 && answer;
    });
    assert.deepEqual(await ready.json(), { status: 'ready' });
    assert.deepEqual(await (await ask('/healthz'))?.json(), { status: 'ok' });
    const text = await (await ask('/metrics'))?.text();
    assert.match(text ?? '', /^vidgen_queue_waiting\{task="render"\} 1$/m);

    // A migration that it does not find: it goes on living, but is not ready.
    await service.db.run(sql`update vidgen.migration set name = 'x' where name <> 'routines'`);
    const unready = await ask('/readyz');
    assert.equal(unready?.status, 503);
    assert.match((await unready?.text()) ?? '', /"code":"worker_not_ready"/);
    assert.equal((await ask('/healthz'))?.status, 200);
  });
});
