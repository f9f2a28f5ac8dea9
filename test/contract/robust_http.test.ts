import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { endpoints, moreEndpoints } from '../../src/openapi/endpoints.ts';
import { type Db, openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { startVidgen } from '../support/command.ts';
import { type Contract, contractOf } from '../support/contract.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { allEvents } from '../support/event_stream.ts';
import { rawSocket } from '../support/raw_http.ts';
import {
  clientOf,
  createJob,
  createKey,
  type Key,
  type Service,
  startService,
} from '../support/service.ts';
import { untilRow } from '../support/until.ts';

describe('what rough clients send', { concurrency: true }, () => {
  let service: Service;
  let call: Contract;
  let key: Key;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup);
    call = contractOf(service);
    key = await service.createKey();
  });

  test('a method that is not offered is a 405 that says which are', async () => {
    const cases: [string, string, string][] = [
      ['PUT', '/api/jobs', 'GET, HEAD, POST'],
      ['DELETE', '/api/jobs', 'GET, HEAD, POST'],
      ['POST', '/api/health', 'GET, HEAD'],
      ['OPTIONS', '/api/jobs', 'GET, HEAD, POST'],
      ['PUT', `/api/jobs/c${'0'.repeat(24)}`, 'DELETE, GET, HEAD, PATCH'],
      ['HEAD', `/api/jobs/c${'0'.repeat(24)}/retry`, 'POST'],
      ['POST', `/api/status/c${'0'.repeat(24)}`, 'GET, HEAD'],
      ['PURGE', '/api/jobs', 'GET, HEAD, POST'],
    ];
    for (const [method, path, allow] of cases) {
      const { status, headers, body } = await call(path, key, { method });
      assert.equal(status, 405, `${method} ${path}`);
      assert.equal(headers.get('Allow'), allow, `${method} ${path}`);
      if (method !== 'HEAD') assert.equal(body.code, 'method_not_allowed');
    }
  });

  test('HEAD tells what GET would, without the body', async () => {
    for (const path of ['/api/health', '/api/jobs', '/api/nothing', '/openapi.json']) {
      const get = await service.call(path, key);
      const head = await service.call(path, key, { method: 'HEAD' });
      assert.equal(head.status, get.status, path);
      assert.equal(head.headers.get('Content-Type'), get.headers.get('Content-Type'), path);
      assert.equal(await head.text(), '');
      await get.body?.cancel();
    }
  });

  test('a path is what it is: no trailing slash, no capitals, no empty part', async () => {
    const jobId = await createJob(service.db, (await service.createKey()).id);
    const paths = [
      '/api/jobs/',
      '/api//jobs',
      '/API/jobs',
      `/api/status/${jobId}/`,
      '/api/status/',
      '/docs/errors',
    ];
    for (const path of paths) {
      const { status, body } = await call(path, key);
      assert.equal(status, 404, path);
      assert.equal(body.code, 'not_found', path);
    }
  });

  test('an id that cannot be one is a job that is not there', async () => {
    const owner = await service.createKey();
    const jobId = await createJob(service.db, owner.id);
    const ids = [
      'x',
      jobId.toUpperCase(),
      `${jobId}0`,
      'c'.repeat(5_000),
      '%00',
      `${jobId}%00`,
      '%ff%fe',
      '%E0%A4%A',
      '%',
      '..%2f..%2fetc%2fpasswd',
      "'%20or%201=1--",
      '%F0%9F%92%A9',
    ];
    for (const id of ids) {
      for (const [method, path] of [
        ['GET', `/api/status/${id}`],
        ['DELETE', `/api/jobs/${id}`],
        ['GET', `/api/jobs/${id}/events`],
        ['GET', `/api/jobs/${id}/webhooks`],
      ] as const) {
        const { status, body } = await call(path, owner, { method });
        assert.equal(status, 404, `${method} ${path}`);
        assert.equal(body.code, 'job_not_found', `${method} ${path}`);
      }
    }
    // A percent-encoded id is the same id.
    const encoded = `%${jobId.charCodeAt(0).toString(16)}${jobId.slice(1)}`;
    assert.equal((await call(`/api/status/${encoded}`, owner)).body.jobId, jobId);
    for (const path of ['/media/%00/video.mp4', '/media/%ff/poster.jpg', '/media/x/video.mp4']) {
      const { status } = await service.call(path);
      assert.equal(status, 404, path);
    }
    assert.equal((await service.call('/share/%00')).status, 404);
  });

  test('a body where none belongs does no harm', async () => {
    for (const body of ['{"not":', Buffer.from([0xff, 0xfe, 0x00]), 'x'.repeat(100_000)]) {
      const refused = await call(`/api/jobs/c${'0'.repeat(24)}`, key, { method: 'DELETE', body });
      assert.equal(refused.status, 404);
    }
  });
});

describe('what browsers need to be told', { concurrency: true }, () => {
  const cleanup = suiteCleanup();
  let open: Service;
  before(async () => {
    const origins = 'https://app.example, https://other.example';
    open = await startService(cleanup, { env: { CORS_ORIGINS: origins } });
  });

  test('without CORS_ORIGINS no origin may read anything', async () => {
    const service = await startService(cleanup);
    const headers = { Origin: 'https://app.example' };
    const answer = await service.call('/api/health', undefined, { headers });
    assert.equal(answer.headers.get('Access-Control-Allow-Origin'), null);
    const preflight = await service.call('/api/jobs', undefined, {
      method: 'OPTIONS',
      headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
    });
    assert.equal(preflight.status, 405);
  });

  test('CORS_ORIGINS lets its origins in, errors and limits readable', async () => {
    const service = open;
    const from = (origin: string, init: RequestInit = {}): RequestInit => ({
      ...init,
      headers: { Origin: origin, ...init.headers },
    });
    const exposed = 'RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset,RateLimit-Policy';
    for (const path of ['/api/health', '/api/jobs', '/api/nothing']) {
      const { headers } = await service.call(path, undefined, from('https://app.example'));
      assert.equal(headers.get('Access-Control-Allow-Origin'), 'https://app.example', path);
      const readable = headers.get('Access-Control-Expose-Headers') ?? '';
      for (const name of [
        ...exposed.split(','),
        'Retry-After',
        'X-Request-Id',
        'Idempotent-Replayed',
      ])
        assert.ok(readable.split(',').includes(name), `${path} ${name}`);
      assert.match(headers.get('Vary') ?? '', /Origin/);
    }
    const stranger = await service.call('/api/health', undefined, from('https://evil.example'));
    assert.equal(stranger.headers.get('Access-Control-Allow-Origin'), null);

    const preflight = await service.call(
      '/api/jobs',
      undefined,
      from('https://other.example', {
        method: 'OPTIONS',
        headers: {
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'x-api-key,idempotency-key',
        },
      }),
    );
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('Access-Control-Allow-Origin'), 'https://other.example');
    assert.match(preflight.headers.get('Access-Control-Allow-Methods') ?? '', /POST.*DELETE/);
    assert.match(preflight.headers.get('Access-Control-Allow-Headers') ?? '', /X-API-Key/i);
    assert.equal(preflight.headers.get('RateLimit-Remaining'), '599');
  });

  test('Vary names every header that changes an answer, on every path', async () => {
    const key = await open.createKey();
    const jobId = await createJob(open.db, key.id);
    const token = '3q2-7wABAgMEBQYHCAkKCw';
    const ofApi = [...endpoints, ...moreEndpoints]
      .filter(({ method, id }) => method === 'GET' && id !== 'streamEvents')
      .map(({ path }) => path.replace(':jobId', jobId).replace(':token', token));
    const ofPages = ['/', '/errors', '/docs.md', '/docs/errors.md', '/llms.txt', '/openapi.json'];
    const others = ['/nothing', '/api/nothing', '/mcp', '/oembed', '/assets/x/docs.css'];
    const shared = [`/share/${token}`, `/media/${token}/video.mp4`, `/media/${token}/captions.vtt`];
    const variants = {
      Accept: ['text/html', 'text/markdown', 'application/json'],
      'Accept-Encoding': ['identity', 'gzip', 'br'],
      Origin: ['https://app.example', 'https://other.example', 'https://evil.example'],
    };
    const told = ['Content-Type', 'Content-Encoding', 'ETag', 'Access-Control-Allow-Origin'];
    const varied = new Set<string>();
    for (const path of [...ofApi, ...ofPages, ...others, ...shared])
      for (const [name, values] of Object.entries(variants)) {
        const answers = await Promise.all(
          values.map(async (value) => {
            const answer = await open.call(path, key, { headers: { [name]: value } });
            await answer.arrayBuffer();
            return answer;
          }),
        );
        const facts = answers.map(({ status, headers }) =>
          JSON.stringify([status, ...told.map((header) => headers.get(header))]),
        );
        if (new Set(facts).size === 1) continue;
        varied.add(`${name} ${path}`);
        for (const { headers } of answers)
          assert.ok(headers.get('Vary')?.split(', ').includes(name), `${path}: ${name} ${facts}`);
      }
    for (const one of ['Accept /', 'Accept /nothing', 'Origin /api/jobs', 'Origin /mcp'])
      assert.ok(varied.has(one), one);
    assert.ok(varied.has('Accept-Encoding /api/targets'));
  });

  test('pages and media are not sniffed; pages say what they may run', async () => {
    const service = await startService(cleanup);
    for (const path of ['/', '/share/nothing', '/media/nothing/video.mp4', '/api/health']) {
      const { headers } = await service.call(path);
      assert.equal(headers.get('X-Content-Type-Options'), 'nosniff', path);
    }
    for (const path of ['/', '/share/nothing']) {
      const { headers } = await service.call(path);
      assert.match(headers.get('Content-Security-Policy') ?? '', /default-src 'none'/, path);
      assert.ok(headers.has('Referrer-Policy'), path);
    }
  });
});

describe('a process of its own', () => {
  const cleanup = suiteCleanup();

  let databaseUrl: string;
  let api: ChildProcess;
  let db: Db;
  let key: Key;
  let client: ReturnType<typeof clientOf>;
  let log = '';
  const logged = () => once(api.stderr as NodeJS.ReadableStream, 'data');
  before(async () => {
    databaseUrl = (await createDatabase(cleanup)).url;
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = { DATABASE_URL: databaseUrl, PORT: String(port), HOST: '127.0.0.1' };
    api = startVidgen({ ...env, PUBLIC_URL: url, CLIENT_IP_SOURCE: 'header:X-Test-Ip' }, 'web');
    cleanup.after(() => api.kill('SIGKILL'));
    api.stderr?.on('data', (piece: Buffer) => {
      log += piece;
    });
    while (!log.includes('"listening"')) await logged();
    db = openDb(databaseUrl, { max: 1 });
    cleanup.after(() => db.close());
    client = clientOf(url, db);
    key = await createKey(db);
  });

  test('1.2 the id is in header, body and log; what went wrong is in the log only', async () => {
    const call = contractOf(client);
    await db.run(sql`drop function api.list_jobs`);

    const { status, headers, body } = await call('/api/jobs', key);
    assert.equal(status, 500);
    assert.deepEqual(Object.keys(body), ['error', 'code', 'requestId', 'docs']);
    assert.equal(body.code, 'internal_error');
    assert.doesNotMatch(JSON.stringify(body), /list_jobs|function|sql|42883|\/src\//i);
    const linesOf = (id: string) => log.split('\n').filter((line) => line.includes(id));
    while (linesOf(body.requestId ?? '').length < 2) await logged();
    assert.equal(body.requestId, headers.get('X-Request-Id'));
    assert.match(linesOf(body.requestId ?? '').join('\n'), /list_jobs/);
    assert.ok(!log.includes(key.apiKey));

    const { socket, answer } = await rawSocket(Number(new URL(client.url).port));
    socket.write('hello\r\n\r\n');
    const refused = (await answer).headers['x-request-id'] ?? '';
    socket.destroy();
    while (linesOf(refused).length < 1) await logged();

    // The id is ours: what a client sends under that name goes nowhere.
    const own = await call('/api/jobs', undefined, { headers: { 'X-Request-Id': 'forged' } });
    assert.notEqual(own.headers.get('X-Request-Id'), 'forged');
  });

  test('told to stop, it ends open streams and goes', async () => {
    const jobId = await createJob(db, key.id);
    const events = allEvents(await client.call(`/api/jobs/${jobId}/events`, key));
    const waiting = client.call(`/api/status/${jobId}?wait=60`, key, {
      headers: { 'X-Test-Ip': '192.0.2.1' },
    });
    // The statement that counts the request also reads the state from which it waits.
    await untilRow(
      'it is counted',
      db,
      sql`select from vidgen.rate_limit where client = '192.0.2.1'`,
    );
    api.kill('SIGTERM');
    assert.deepEqual(
      (await events).map(({ data }) => data.status),
      ['PENDING'],
    );
    assert.equal((await waiting).status, 200);
    assert.deepEqual(await once(api, 'exit'), [0, null]);
  });
});
