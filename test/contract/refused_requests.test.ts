import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { sql } from 'kysely';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { type Answer, rawSocket } from '../support/raw_http.ts';
import { type Key, type Service, startService } from '../support/service.ts';

const socketAddress = '127.0.0.1';
const client = '198.51.100.1';

/** A request to a path below /api from this client. */
const head = (path: string, ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, `X-Test-Ip: ${client}`, ...lines, '', ''].join('\r\n');

describe('section 2: requests refused by the HTTP server, two API processes on one database', () => {
  let services: [Service, Service];
  let key: Key;
  const cleanup = suiteCleanup();
  before(async () => {
    const databaseUrl = (await createDatabase(cleanup)).url;
    services = [
      await startService(cleanup, { databaseUrl }),
      await startService(cleanup, { databaseUrl }),
    ];
    key = await services[0].createKey();
  });
  beforeEach(() => services[0].db.run(sql`delete from vidgen.rate_limit`));

  let sent = 0;
  /** Sends the requests to the processes in turn. */
  async function send(text: string): Promise<Answer> {
    const { url } = services[sent++ % 2 ? 1 : 0];
    const { socket, answer } = await rawSocket(Number(new URL(url).port));
    socket.write(text, 'latin1');
    const received = await answer;
    socket.destroy();
    return received;
  }
  const spend = (who: string, hits: number) =>
    services[0].db.run(sql`
      insert into vidgen.rate_limit (client, policy, window_start, hits)
      values (${who}, 'requests', clock_timestamp(), ${hits})`);
  const counted = async () => {
    const rows = await services[0].db.run(sql<{ client: string; policy: string; hits: number }>`
      select client, policy, hits from vidgen.rate_limit order by client, policy`);
    return rows.map((row) => `${row.client} ${row.policy} ${row.hits}`);
  };

  const garbage: [status: number, text: string][] = [
    [400, 'hello\r\n\r\n'],
    [400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    [400, head('/api/jobs', 'Host: a', 'no colon')],
    [400, 'GET /api/jobs HTTP/9.9\r\n\r\n'],
    [414, `GET /api/${'x'.repeat(100_000)}`],
    [414, head(`/api/${'x'.repeat(33_000)}`, 'Host: a')],
    [431, head('/api/jobs', `B: ${'b'.repeat(100_000)}`)],
  ];
  const understood: [status: number, text: string][] = [
    [400, head('/api/jobs', 'Host: a b')],
    [400, head('/api\\jobs', 'Host: a')],
    [400, head('/api/jobs')],
    [414, head(`/api/${'x'.repeat(9_000)}`, 'Host: a')],
    [414, head(`/api?${'x'.repeat(9_000)}`, 'Host: a')],
    [417, head('/api/jobs', 'Host: a', 'Expect: miracles')],
  ];
  for (const [what, requests, who] of [
    ['what is no HTTP counts for the address it comes from', garbage, socketAddress],
    ['what can be read counts for the client that its header names', understood, client],
  ] as const) {
    test(`2.2, 2.3 ${what}, and its answers carry the four headers`, async () => {
      for (const [n, [status, text]] of requests.entries()) {
        const { headers, ...answer } = await send(text);
        const where = text.slice(0, 60);
        assert.equal(answer.status, status, where);
        assert.equal(headers['ratelimit-limit'], '600', where);
        assert.equal(headers['ratelimit-remaining'], String(599 - n), where);
        assert.equal(headers['ratelimit-policy'], '600;w=60', where);
        assert.match(headers['ratelimit-reset'] ?? '', /^([1-9]|[1-5]\d|60)$/, where);
        assert.equal(headers['retry-after'], undefined, where);
        assert.equal(JSON.parse(answer.body).requestId, headers['x-request-id'], where);
      }
      assert.deepEqual(await counted(), [`${who} requests ${requests.length}`]);
    });
  }

  test('2.2, 2.3 of 20 at once, with 10 left, 10 are a 429 that says when to come back', async () => {
    await spend(socketAddress, 590);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('hello\r\n\r\n')));
    const limited = answers.filter(({ status }) => status === 429);
    assert.equal(answers.filter(({ status }) => status === 400).length, 10);
    assert.equal(limited.length, 10);
    for (const { headers, body } of limited) {
      assert.equal(JSON.parse(body).code, 'rate_limited');
      assert.equal(headers['ratelimit-remaining'], '0');
      assert.ok(Number(headers['retry-after']) >= Number(headers['ratelimit-reset']));
    }
    await spend(client, 600);
    for (const [, text] of understood) assert.equal((await send(text)).status, 429);
  });

  test('2.4 garbage that a proxy passes on takes nothing from its clients', async () => {
    await spend(socketAddress, 600);
    assert.equal((await send('hello\r\n\r\n')).status, 429);
    const { headers, status } = await send(
      head('/api/jobs', 'Host: a', `X-API-Key: ${key.apiKey}`),
    );
    assert.deepEqual([status, headers['ratelimit-remaining']], [200, '599']);
  });

  test('2.3 a submission whose body breaks was counted when it came, and only then', async () => {
    const { status, headers } = await send(
      `POST /api/jobs HTTP/1.1\r\nHost: a\r\nX-Test-Ip: ${client}\r\nX-API-Key: ${key.apiKey}\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    );
    assert.equal(status, 400);
    assert.equal(headers['ratelimit-policy'], '30;w=60');
    assert.equal(headers['ratelimit-remaining'], '29');
    assert.deepEqual(await counted(), [`${client} requests 1`, `${client} submissions 1`]);
  });

  test('2.1 what goes elsewhere than below /api is not counted', async () => {
    for (const text of [
      head('/share/x', 'Host: a b'),
      head('/\\media', 'Host: a'),
      head('/', 'Host: a', 'Expect: miracles'),
    ]) {
      const { status, headers } = await send(text);
      assert.ok([400, 417].includes(status));
      assert.ok(!('ratelimit-limit' in headers));
    }
    assert.deepEqual(await counted(), []);
  });
});
