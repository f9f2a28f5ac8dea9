import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type HttpServer, startHttpServer } from '../../src/http/http_server.ts';
import { errorResponse, type Refuse } from '../../src/http/refusals.ts';
import { type Answer, rawSocket } from '../support/raw_http.ts';

describe('1.2 what is not a good HTTP request gets the JSON error all the same', () => {
  let server: HttpServer;
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/hello', (c) => c.json({ hello: c.req.query('name') ?? '' }));
  app.post('/echo', async (c) => c.text(await c.req.text()));
  app.get('/throws', () => {
    throw new Error('not an answer');
  });
  app.onError((error) => {
    throw error;
  });
  let refused: [code: string, url: string | undefined][] = [];
  before(async () => {
    const refuse: Refuse = (refusal, { url }) => {
      refused.push([refusal.code, url]);
      return errorResponse(refusal);
    };
    server = await startHttpServer(app, { port: 0, headersTimeoutMs: 300, refuse });
  });
  after(() => server.close(0));

  const send = async (text: string): Promise<Answer> => {
    const { socket, answer } = await rawSocket(server.port);
    socket.write(text, 'latin1');
    const received = await answer;
    socket.destroy();
    return received;
  };

  const refusals: [string, number, string, string][] = [
    ['no HTTP at all', 400, 'bad_request', 'hello\r\n\r\n'],
    ['TLS', 400, 'bad_request', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['no Host', 400, 'bad_request', 'GET /hello HTTP/1.1\r\n\r\n'],
    ['a Host that is none', 400, 'bad_request', 'GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n'],
    ['a backslash in the path', 400, 'bad_request', 'GET /\\hello HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a space in the path', 400, 'bad_request', 'GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an unknown method', 400, 'bad_request', 'BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a bad header', 400, 'bad_request', 'GET /hello HTTP/1.1\r\nHost: a\r\nb\r\n\r\n'],
    ['NUL in a header', 400, 'bad_request', 'GET /hello HTTP/1.1\r\nHost: a\r\nB: \0\r\n\r\n'],
    [
      'two lengths',
      400,
      'bad_request',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    ],
    [
      'a length and chunks',
      400,
      'bad_request',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a negative length',
      400,
      'bad_request',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
    ],
    [
      'a bad chunk',
      400,
      'bad_request',
      'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    [
      'a URL of 1 MB',
      414,
      'url_too_long',
      `GET /hello?name=${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    ],
    [
      'a header of 100 KB',
      431,
      'headers_too_large',
      `GET /hello HTTP/1.1\r\nHost: a\r\nB: ${'b'.repeat(100_000)}\r\n\r\n`,
    ],
    [
      '10,000 headers',
      431,
      'headers_too_large',
      `GET /hello HTTP/1.1\r\nHost: a\r\n${'B: b\r\n'.repeat(10_000)}\r\n`,
    ],
    ['headers that never end', 408, 'request_timeout', 'GET /hello HTTP/1.1\r\nHost: a\r\n'],
    [
      'an unknown Expect',
      417,
      'expectation_failed',
      'GET /hello HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n',
    ],
    [
      'an error that nobody caught',
      500,
      'internal_error',
      'GET /throws HTTP/1.1\r\nHost: a\r\n\r\n',
    ],
  ];
  for (const [what, status, code, text] of refusals) {
    test(`${what}: ${status}`, async () => {
      refused = [];
      const answer = await send(text);
      assert.equal(answer.status, status);
      assert.equal(answer.headers['content-type'], 'application/json');
      const body = JSON.parse(answer.body);
      assert.equal(body.code, code);
      assert.ok(body.error.length > 20);
      assert.equal(body.requestId, answer.headers['x-request-id']);
      // An app that failed is not called again.
      assert.deepEqual(
        refused.map(([code]) => code),
        status === 500 ? [] : [code],
      );
    });
  }

  test('who writes the answer learns where the request was going, if that is known', async () => {
    refused = [];
    await send('GET /hello?name=x HTTP/1.1\r\nHost: a b\r\n\r\n');
    await send('GET /hello HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n');
    await send('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
    await send('GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.deepEqual(refused, [
      ['bad_request', '/hello?name=x'],
      ['expectation_failed', '/hello'],
      ['bad_request', '/echo'],
      ['bad_request', ''],
    ]);
  });

  test('a connection on which nothing was ever said is closed without an answer', async () => {
    refused = [];
    const { answer, closed } = await rawSocket(server.port);
    await assert.rejects(answer, { message: 'The connection closed after: ""' });
    await closed;
    assert.deepEqual(refused, []);
  });

  test('a URL of 8 KB and headers of 16 KB are fine, as are HTTP/1.0 and a Host in capitals', async () => {
    const name = 'a'.repeat(8_000);
    const long = await send(
      `GET /hello?name=${name} HTTP/1.1\r\nHost: a\r\nB: ${'b'.repeat(16_000)}\r\n\r\n`,
    );
    assert.deepEqual([long.status, JSON.parse(long.body).hello], [200, name]);
    assert.equal((await send('GET /hello HTTP/1.1\r\nHost: EXAMPLE.COM:80\r\n\r\n')).status, 200);
    assert.equal((await send('GET /hello HTTP/1.0\r\n\r\n')).status, 200);
  });

  test('a connection serves one request after the other', async () => {
    const { socket } = await rawSocket(server.port);
    for (const name of ['one', 'two']) {
      socket.write(`GET /hello?name=${name} HTTP/1.1\r\nHost: a\r\n\r\n`);
      const [answer] = await once(socket, 'data');
      assert.match(answer.toString(), new RegExp(`"hello":"${name}"`));
    }
    socket.destroy();
  });

  test('a body is read where a handler wants it, with or without Expect', async () => {
    for (const expect of ['', 'Expect: 100-continue\r\n']) {
      const answer = await send(
        `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n${expect}\r\nhello`,
      );
      assert.deepEqual([answer.status, answer.body], [200, 'hello']);
    }
  });
});

describe('closing', () => {
  test('idle connections end, running requests are finished, new ones are refused', async () => {
    const app = new Hono<{ Bindings: HttpBindings }>();
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    app.get('/slow', async (c) => {
      begin();
      await finished;
      return c.text('done');
    });
    const server = await startHttpServer(app, { port: 0 });
    const idle = await rawSocket(server.port);
    idle.answer.catch(() => {});
    const running = await rawSocket(server.port);
    running.socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n');
    await begun;
    const closed = server.close();
    await idle.closed;
    await assert.rejects(rawSocket(server.port), { code: 'ECONNREFUSED' });
    finish();
    assert.equal((await running.answer).body, 'done');
    await closed;
    running.socket.destroy();
  });

  test('what does not come to its end is cut off after the grace', async () => {
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.get(
      '/endless',
      () => new Response(new ReadableStream({ start: (c) => c.enqueue(Buffer.from('x')) })),
    );
    const server = await startHttpServer(app, { port: 0 });
    const { socket, answer, closed } = await rawSocket(server.port);
    answer.catch(() => {});
    socket.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    await server.close(50);
    await closed;
  });
});
