import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { type Contract, contractOf } from '../support/contract.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { type Key, type Service, startService } from '../support/service.ts';

const from = (ip: string, init: RequestInit = {}): RequestInit => ({
  ...init,
  headers: { 'X-Test-Ip': ip },
});

describe('section 2: rate limits, two API processes on one database', () => {
  let services: [Service, Service];
  let call: Contract;
  let key: Key;
  const cleanup = suiteCleanup();
  before(async () => {
    const databaseUrl = (await createDatabase(cleanup)).url;
    services = [
      await startService(cleanup, { databaseUrl }),
      await startService(cleanup, { databaseUrl }),
    ];
    call = contractOf(services[0]);
    key = await services[0].createKey();
  });

  /** As if the client had just made this many requests. */
  const spend = (client: string, hits: number, policy = 'requests', secondsAgo = 0) =>
    services[0].db.run(sql`
      insert into vidgen.rate_limit (client, policy, window_start, hits)
      values (${client}, ${policy}, clock_timestamp() - ${secondsAgo} * interval '1 second', ${hits})`);

  test('2.1 of 300 requests at once of a client that has made 400, spread over both, exactly 200 pass', async () => {
    await spend('198.51.100.1', 400);
    const paths = ['/api/jobs', '/api/nothing', `/api/status/c${'0'.repeat(24)}`];
    const statuses = await Promise.all(
      Array.from({ length: 300 }, async (_, n) => {
        // Not with service.call: answers like these are checked elsewhere, and that takes half of the time.
        const headers = { 'X-API-Key': key.apiKey, 'X-Test-Ip': '198.51.100.1' };
        const answer = await fetch(services[n % 2 ? 1 : 0].url + paths[n % 3], { headers });
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    assert.equal(statuses.filter((status) => status !== 429).length, 200);
  });

  test('2.1 a window that was begun before the clock was set back does not last until then', async () => {
    await spend('198.51.100.77', 600, 'requests', -3_600);
    const { status, headers } = await call('/api/jobs', key, from('198.51.100.77'));
    assert.equal(status, 200);
    assert.ok(Number(headers.get('RateLimit-Reset')) <= 60);
  });

  test('2.1 of 40 submissions at once, spread over both, exactly 30 pass the limit', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const post = from('198.51.100.2', { method: 'POST' });
        const answer = await services[n % 2 ? 1 : 0].call('/api/jobs', key, post);
        await answer.body?.cancel();
        return answer.status;
      }),
    );
    // Without a form they end at 400.
    assert.equal(statuses.filter((status) => status === 400).length, 30);
    assert.equal(statuses.filter((status) => status === 429).length, 10);
    // They count against the limit of all requests too.
    const next = await call('/api/jobs', key, from('198.51.100.2'));
    assert.equal(next.headers.get('RateLimit-Remaining'), String(600 - 41));
  });

  test('2.1 a window lasts a minute', async () => {
    await spend('198.51.100.3', 600, 'requests', 30);
    await spend('198.51.100.4', 600, 'requests', 61);
    assert.equal((await call('/api/jobs', key, from('198.51.100.3'))).status, 429);
    const fresh = await call('/api/jobs', key, from('198.51.100.4'));
    assert.equal(fresh.status, 200);
    assert.equal(fresh.headers.get('RateLimit-Remaining'), '599');
    assert.equal(fresh.headers.get('RateLimit-Reset'), '60');
  });

  test('2.2 every answer carries the four headers, errors included', async () => {
    const answers = [
      await call('/api/health', undefined, from('198.51.100.5')),
      await call('/api/jobs', undefined, from('198.51.100.5')),
      await call('/api/jobs?limit=x', key, from('198.51.100.5')),
      await call('/api/nothing', key, from('198.51.100.5')),
      await call('/api/jobs', key, from('198.51.100.5', { method: 'PUT' })),
      await call('/api/jobs', key, from('198.51.100.5', { method: 'HEAD' })),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 401, 400, 404, 405, 200],
    );
    for (const [n, { headers }] of answers.entries()) {
      assert.equal(headers.get('RateLimit-Limit'), '600');
      assert.equal(headers.get('RateLimit-Remaining'), String(599 - n));
      assert.equal(headers.get('RateLimit-Policy'), '600;w=60');
      assert.match(headers.get('RateLimit-Reset') ?? '', /^([1-9]|[1-5]\d|60)$/);
      assert.equal(headers.get('Retry-After'), null);
    }
  });

  test('2.2 the headers are those of the policy that has less left', async () => {
    const post = { method: 'POST' };
    const submission = await call('/api/jobs', key, from('198.51.100.6', post));
    assert.equal(submission.headers.get('RateLimit-Policy'), '30;w=60');
    assert.equal(submission.headers.get('RateLimit-Remaining'), '29');
    await spend('198.51.100.7', 590);
    const nearlyOut = await call('/api/jobs', key, from('198.51.100.7', post));
    assert.equal(nearlyOut.headers.get('RateLimit-Policy'), '600;w=60');
    assert.equal(nearlyOut.headers.get('RateLimit-Remaining'), '9');
    // Both limits are used up: Retry-After is the later of the two.
    await spend('198.51.100.8', 600, 'requests', 50);
    await spend('198.51.100.8', 30, 'submissions', 10);
    const out = await call('/api/jobs', key, from('198.51.100.8', post));
    assert.equal(out.status, 429);
    assert.equal(out.headers.get('RateLimit-Policy'), '30;w=60');
    assert.ok(Number(out.headers.get('RateLimit-Reset')) > 10);
  });

  test('2.2 a 429 says when to come back, and not too early', async () => {
    await spend('198.51.100.9', 600, 'requests', 30.5);
    const { status, headers, body } = await call('/api/jobs', key, from('198.51.100.9'));
    assert.equal(status, 429);
    assert.equal(body.code, 'rate_limited');
    assert.equal(headers.get('RateLimit-Remaining'), '0');
    const reset = Number(headers.get('RateLimit-Reset'));
    assert.ok(Number(headers.get('Retry-After')) >= reset);
    const left = await services[0].db.first(sql<{ seconds: number }>`
      select extract(epoch from window_start + interval '1 minute' - clock_timestamp())::float8 as seconds
      from vidgen.rate_limit where client = '198.51.100.9'`);
    assert.ok(reset <= 30 && reset >= (left?.seconds ?? 0), `${reset} ${left?.seconds}`);
  });

  test('2.3 counted before authentication: a flood of bad keys is limited too', async () => {
    await spend('198.51.100.10', 598);
    const statuses: number[] = [];
    for (const as of ['vg_bad', 'vg_bad', 'vg_bad', key])
      statuses.push((await call('/api/jobs', as, from('198.51.100.10'))).status);
    assert.deepEqual(statuses, [401, 401, 429, 429]);
  });

  test('redeliveries of webhooks have a limit of their own too', async () => {
    const path = `/api/jobs/c${'0'.repeat(24)}/webhooks/redeliver`;
    await spend('198.51.100.33', 59, 'redeliveries');
    const redeliver = () => call(path, key, from('198.51.100.33', { method: 'POST' }));
    assert.deepEqual([(await redeliver()).status, (await redeliver()).status], [404, 429]);
    const { headers, status } = await call('/api/jobs', key, from('198.51.100.33'));
    assert.deepEqual([status, headers.get('RateLimit-Remaining')], [200, '597']);
  });

  test('videos and share pages have a limit of their own, which no player reaches', async () => {
    const paths = [`/media/${'x'.repeat(22)}/video.mp4`, '/share/x', '/oembed?url=x'];
    const statuses = async (ip: string) =>
      Promise.all(
        paths.map(async (path) => {
          const { status, headers } = await services[0].call(path, undefined, from(ip));
          assert.equal(headers.get('RateLimit-Limit'), null, 'caches share what they answer');
          if (status === 429) assert.match(headers.get('Retry-After') ?? '', /^[1-9]\d?$/);
          return status;
        }),
      );
    await spend('198.51.100.31', 6_000, 'public');
    assert.deepEqual(await statuses('198.51.100.31'), [429, 429, 429]);
    assert.equal((await call('/api/jobs', key, from('198.51.100.31'))).status, 200);
    await spend('198.51.100.32', 600);
    assert.deepEqual(await statuses('198.51.100.32'), [404, 404, 404]);
    const left = await services[0].db.first(sql<{ hits: number }>`
      select hits from vidgen.rate_limit where client = '198.51.100.32' and policy = 'public'`);
    assert.equal(left?.hits, 3);
  });

  test('2.3 the counters are rows of an unlogged table, and old ones are tidied away', async () => {
    const { db } = services[0];
    const kind = await db.first(sql<{ relpersistence: string }>`
      select relpersistence from pg_class where oid = 'vidgen.rate_limit'::regclass`);
    assert.equal(kind?.relpersistence, 'u');
    await spend('203.0.113.1', 5, 'requests', 300);
    await spend('203.0.113.2', 5, 'requests', 30);
    await db.run(sql`select api.tidy()`);
    const left = await db.run(sql<{ client: string }>`
      select client from vidgen.rate_limit where client like '203.0.113.%'`);
    assert.deepEqual(
      left.map(({ client }) => client),
      ['203.0.113.2'],
    );
  });

  test('2.3 tidying waits for no request that is being counted', async (t) => {
    await spend('203.0.113.3', 5, 'requests', 300);
    await spend('203.0.113.4', 5, 'requests', 300);
    const counting = new pg.Client({ connectionString: services[0].databaseUrl });
    await counting.connect();
    t.after(() => counting.end());
    await counting.query('begin');
    await counting.query("update vidgen.rate_limit set hits = 6 where client = '203.0.113.3'");
    // If it waited, this request would time out after some seconds.
    await services[0].db.run(sql`select api.tidy()`);
    await counting.query('commit');
    const left = await services[0].db.run(sql<{ client: string }>`
      select client from vidgen.rate_limit where client in ('203.0.113.3', '203.0.113.4')`);
    assert.deepEqual(
      left.map(({ client }) => client),
      ['203.0.113.3'],
    );
  });

  test('2.5 health never fails because of the limiter', async () => {
    await spend('198.51.100.11', 5_000);
    const { status, headers } = await call('/api/health', undefined, from('198.51.100.11'));
    assert.equal(status, 200);
    assert.equal(headers.get('RateLimit-Remaining'), '0');
    assert.equal(headers.get('Retry-After'), null);
  });
});

describe('2.4 who a client is', { concurrency: true }, () => {
  const cleanup = suiteCleanup();

  /** Asserts, on a service of its own, which requests with these headers share a counter. */
  async function assertBuckets(
    env: Record<string, string>,
    requests: [bucket: string, headers: Record<string, string>][],
  ): Promise<void> {
    const service = await startService(cleanup, { env });
    const counted = new Map<string, number>();
    for (const [bucket, headers] of requests) {
      const count = (counted.get(bucket) ?? 0) + 1;
      counted.set(bucket, count);
      const answer = await fetch(`${service.url}/api/nothing`, { headers });
      const left = answer.headers.get('RateLimit-Remaining');
      assert.equal(left, String(600 - count), `${bucket} ${JSON.stringify(headers)}`);
    }
    const rows = await service.db.run(
      sql<{ client: string }>`select client from vidgen.rate_limit order by client`,
    );
    assert.deepEqual(
      rows.map(({ client }) => client),
      [...counted.keys()].sort(),
    );
  }

  test('socket: no header moves a client', async () => {
    await assertBuckets({ CLIENT_IP_SOURCE: 'socket' }, [
      ['127.0.0.1', {}],
      ['127.0.0.1', { 'X-Forwarded-For': '203.0.113.9' }],
      ['127.0.0.1', { Forwarded: 'for=203.0.113.9', 'X-Real-Ip': '203.0.113.9' }],
      ['127.0.0.1', { 'Fly-Client-IP': '203.0.113.9', 'CF-Connecting-IP': '203.0.113.9' }],
    ]);
  });

  test('socket: an IPv4 client of a dual-stack server is the same client', async (t) => {
    const addresses = Object.values(networkInterfaces()).flat();
    if (!addresses.some((one) => one?.family === 'IPv6')) return t.skip('no IPv6 here');
    await assertBuckets({ CLIENT_IP_SOURCE: 'socket', HOST: '::', PUBLIC_URL: '' }, [
      ['127.0.0.1', {}],
    ]);
  });

  test('xff:N counts from the right; what a client puts before is not looked at', async () => {
    await assertBuckets({ CLIENT_IP_SOURCE: 'xff:1' }, [
      ['203.0.113.1', { 'X-Forwarded-For': '203.0.113.1' }],
      ['203.0.113.1', { 'X-Forwarded-For': '198.51.100.7, 203.0.113.1' }],
      ['203.0.113.1', { 'X-Forwarded-For': 'nonsense, ::1,203.0.113.1 ' }],
      ['203.0.113.2', { 'X-Forwarded-For': '203.0.113.1, 203.0.113.2:4711' }],
      ['127.0.0.1', { 'X-Forwarded-For': '203.0.113.1, not an address' }],
      ['127.0.0.1', {}],
    ]);
    await assertBuckets({ CLIENT_IP_SOURCE: 'xff:2' }, [
      ['203.0.113.1', { 'X-Forwarded-For': '203.0.113.1, 10.0.0.1' }],
      ['203.0.113.1', { 'X-Forwarded-For': '198.51.100.7, 203.0.113.1, 10.0.0.1' }],
      // Fewer entries than proxies: the request bypassed them and counts by its own address.
      ['127.0.0.1', { 'X-Forwarded-For': '203.0.113.1' }],
    ]);
  });

  test('header:NAME is the one that counts; an IPv6 /56 and mapped addresses count as one', async () => {
    await assertBuckets({ CLIENT_IP_SOURCE: 'header:Fly-Client-IP' }, [
      ['203.0.113.1', { 'Fly-Client-IP': '203.0.113.1' }],
      ['203.0.113.1', { 'Fly-Client-IP': '203.0.113.1', 'X-Forwarded-For': '203.0.113.9' }],
      ['203.0.113.1', { 'Fly-Client-IP': '::ffff:203.0.113.1' }],
      ['203.0.113.1', { 'Fly-Client-IP': '::ffff:cb00:7101' }],
      ['203.0.113.1', { 'Fly-Client-IP': '0:0:0:0:0:FFFF:CB00:7101' }],
      ['2001:db8:0:100::/56', { 'Fly-Client-IP': '2001:db8:0:100::1' }],
      ['2001:db8:0:100::/56', { 'Fly-Client-IP': '2001:DB8:0:1ff:ffff:ffff:ffff:ffff' }],
      ['2001:db8:0:100::/56', { 'Fly-Client-IP': '[2001:db8:0:180::2]:4711' }],
      ['2001:db8:0:200::/56', { 'Fly-Client-IP': '2001:db8:0:200::1' }],
      ['127.0.0.1', { 'Fly-Client-IP': '' }],
      ['127.0.0.1', { 'Fly-Client-IP': '0x7f.1' }],
      ['127.0.0.1', { 'X-Forwarded-For': '203.0.113.9' }],
    ]);
  });
});
