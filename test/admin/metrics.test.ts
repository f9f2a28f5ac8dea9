import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { before, describe, test } from 'node:test';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { loadConfig } from '../../src/config.ts';
import { isOwnService } from '../../src/http/local.ts';
import { call } from '../../src/postgres/call.ts';
import { openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { metricsRoute } from '../../src/routes/metrics.ts';
import { startVidgen } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';
import { monitoringOf } from './monitoring.ts';

const token = 'a-token-for-the-scraper';
const password = 'pässword: of operators';

/** What a service shows to those who run it. */
describe('GET /metrics and /ops', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  before(async () => {
    service = await startService(cleanup, {
      env: { METRICS_TOKEN: token, OPS_PASSWORD: password },
      worker: true,
    });
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
        'docs',
      ]);
    }
  });

  test('requests, uploads, jobs and this process are measured', async () => {
    const key = await service.createKey();
    const inputs = await tinyInputs();
    const submitted = await service.submit(key, inputs);
    const { jobId } = (await submitted.json()) as { jobId: string };
    await service.until(key, jobId, 'COMPLETED');
    await service.call('/api/jobs', 'vg_unknown');
    await service.call('/api/nothing/here', key);
    const completed = 'vidgen_render_seconds_count{task="render",outcome="completed"} 1';
    // The worker counts a job after it has completed it.
    const text = await until('the job is counted', async () => {
      const scraped = await scrape();
      return scraped.includes(completed) && scraped;
    });
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
    // All of a body counts, also what comes together with the headers.
    const files = inputs.image.size + inputs.audio.size;
    const besides = value(text, 'vidgen_upload_bytes_total') - files;
    assert.ok(besides > 0 && besides < 1_000, `${besides} bytes besides the files`);
    assert.equal(value(text, 'vidgen_job_wait_seconds_count{task="render"}'), 1);
    assert.ok(value(text, 'vidgen_real_time_factor_sum{task="render"}') > 0);
    assert.equal(value(text, 'vidgen_workers_alive'), 1);
    assert.equal(value(text, 'vidgen_paused_seconds'), 0);
    assert.ok(value(text, 'vidgen_stored_bytes ') > files, 'the video too');
    assert.equal(value(text, 'vidgen_stored_bytes_max'), 200 * 1024 ** 3);
    assert.ok(value(text, 'vidgen_database_bytes') > 1e6);
    assert.ok(value(text, 'vidgen_temporary_free_bytes') > 0);
    assert.ok(value(text, 'vidgen_last_tidy_timestamp_seconds') >= 0);
    assert.match(
      text,
      /^vidgen_build_info\{version="\d+\.\d+\.\d+",commit="[\da-f]{7,}(-dirty)?",node="\d+\.\d+\.\d+"\} 1$/m,
    );
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

  monitoringOf(scrape);

  test('there is no such path without a token', async (t) => {
    const closed = await startService(t, { databaseUrl: service.databaseUrl });
    const answer = await closed.call('/metrics');
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { code: string }).code, 'not_found');
  });

  const openOps = (given?: string, ip = '192.0.2.1', from = service) =>
    from.call('/ops', undefined, {
      headers: {
        'X-Test-Ip': ip,
        ...(given && { Authorization: `Basic ${Buffer.from(`any:${given}`).toString('base64')}` }),
      },
    });

  test('/ops opens with its password, and runs nothing that is not ours', async () => {
    const page = await openOps(password);
    assert.equal(page.status, 200);
    assert.match(
      page.headers.get('Content-Security-Policy') ?? '',
      /^default-src 'none'; script-src 'self'/,
    );
    assert.doesNotMatch(page.headers.get('Content-Security-Policy') ?? '', /unsafe|\*/);
    assert.equal(page.headers.get('Cache-Control'), 'no-store');
    assert.equal(page.headers.get('X-Robots-Tag'), 'noindex');
    const html = await page.text();
    assert.match(html, /VidGen <span>Operations<\/span>/);
    assert.doesNotMatch(html, / style=|<style|<script(?! type="module" src="\/assets\/)/);
  });

  test('/ops refuses other passwords; after ten of them its own too, to this client, for a minute', async () => {
    const asked = await openOps();
    assert.equal(asked.status, 401);
    assert.match(asked.headers.get('WWW-Authenticate') ?? '', /^Basic realm=/);
    const tried: number[] = [];
    for (const wrong of ['x', `${password} `, password.toUpperCase(), ...'1234567'])
      tried.push((await openOps(wrong, '192.0.2.9')).status);
    assert.deepEqual(tried, [...Array(9).fill(401), 429]);
    const refused = await openOps(password, '192.0.2.9');
    assert.equal(refused.status, 429);
    const wait = Number(refused.headers.get('Retry-After'));
    assert.ok(wait >= 1 && wait <= 60);
    assert.equal((await openOps(password, '192.0.2.10')).status, 200, 'another client');
    await service.db.run(sql`
      update vidgen.rate_limit set window_start = window_start - interval '1 minute'`);
    assert.equal((await openOps(password, '192.0.2.9')).status, 200, 'a minute later');
  });

  test('/ops is not there without a password, unless the database is embedded and the machine this one', async (t) => {
    const closed = await startService(t, { databaseUrl: service.databaseUrl });
    assert.equal((await openOps(password, undefined, closed)).status, 404);
    Object.assign(closed.config, { openToThisMachine: true });
    assert.equal((await openOps(undefined, undefined, closed)).status, 200);
    const forwarded = { headers: { 'X-Forwarded-For': '192.0.2.1' } };
    assert.equal((await closed.call('/ops', undefined, forwarded)).status, 404);
  });

  test('a service with an address elsewhere is not open to this machine, where its proxy may be', () => {
    for (const own of [
      'http://localhost:3000',
      'http://127.0.0.1:3000/vidgen',
      'http://[::1]:3000',
    ])
      assert.ok(isOwnService(own), own);
    for (const other of ['https://videos.example.com', 'http://192.0.2.1:3000'])
      assert.ok(!isOwnService(other), other);
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
    await service.db.run(
      sql`update vidgen.migration set name = 'x' || name where name <> 'routines'`,
    );
    const unready = await ask('/readyz');
    assert.equal(unready?.status, 503);
    assert.match((await unready?.text()) ?? '', /"code":"worker_not_ready"/);
    assert.equal((await ask('/healthz'))?.status, 200);
  });
});
