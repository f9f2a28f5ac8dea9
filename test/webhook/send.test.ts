import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import tls from 'node:tls';
import { parseCidrs } from '../../src/outbound/webhook_url.ts';
import { type SentWebhook, sendWebhook, type Transport } from '../../worker/webhook/send.ts';
import { authority } from '../support/certificates.ts';
import * as receivers from '../support/receiver.ts';
import { answer, type Receiver, startReceiver } from '../support/receiver.ts';

describe('sending a webhook', () => {
  const ranges = parseCidrs('127.0.0.0/8,::1');
  const body = Buffer.from('{ "status":"COMPLETED", "progress" : 100 }\n');
  const { ca } = authority();

  let receiver: Receiver;
  before(async () => {
    receiver = await startReceiver();
  });
  beforeEach(() => {
    receiver.answers = [answer(200)];
    receiver.received.length = 0;
  });
  after(() => receiver.close());

  const send = (transport: Partial<Transport> = {}, url = receiver.url): Promise<SentWebhook> =>
    sendWebhook(
      { url, id: 'msg_1', body, secrets: ['whsec_c2VjcmV0'] },
      { ranges, ca, ...transport },
    );

  async function listening(server: Server): Promise<{ url: string; [Symbol.dispose](): void }> {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: `https://localhost:${port}/`, [Symbol.dispose]: () => server.close() };
  }

  test('6.1: a POST of the very bytes, as JSON, and what came of it', async () => {
    receiver.answers = [answer(202, 'Thank you, grüß Gott')];
    const { durationMs, ...rest } = await send({}, `${receiver.url}?a=%20b#part`);
    assert.ok(Number.isInteger(durationMs));
    assert.deepEqual(rest, {
      status: 202,
      errorClass: null,
      errorMessage: null,
      responseHead: 'Thank you, grüß Gott',
      retryAfterSeconds: null,
    });
    const [request] = receiver.received;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.path, '/hook?a=%20b');
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.deepEqual(request?.body, body);
  });

  test('each attempt has a connection of its own and leaves none behind', async () => {
    const { connections } = receiver;
    const attempts = await Promise.all([send(), send(), send()]);
    assert.deepEqual(
      attempts.map((attempt) => attempt.status),
      [200, 200, 200],
    );
    assert.equal(receiver.connections, connections + 3);
    for (const { headers } of receiver.received) assert.equal(headers.connection, 'close');
    await receiver.untilIdle();
  });

  test('class status: every answer but 2xx is a failure, with its status', async () => {
    for (const status of [300, 302, 304, 307, 400, 401, 404, 410, 429, 500, 503]) {
      receiver.answers = [answer(status, '', { location: receiver.url })];
      const attempt = await send();
      assert.equal(attempt.status, status);
      assert.equal(attempt.errorClass, 'status');
      assert.match(attempt.errorMessage ?? '', new RegExp(`${status}`));
    }
    assert.equal(receiver.received.length, 11, 'no redirect was followed');
  });

  test('class dns: a name that nobody knows', async () => {
    const attempt = await send({}, 'https://nobody.invalid/');
    assert.equal(attempt.errorClass, 'dns');
    assert.match(attempt.errorMessage ?? '', /could not be resolved \(E\w+\)\.$/);
  });

  test('class refused: a port where nobody listens', async () => {
    const server = createServer();
    const { url } = await listening(server);
    server.close();
    await once(server, 'close');
    const attempt = await send({}, url);
    assert.equal(attempt.errorClass, 'refused');
    assert.match(attempt.errorMessage ?? '', /ECONNREFUSED/);
  });

  test('class blocked: an address that is not public', async () => {
    const { connections } = receiver;
    const attempt = await send({ ranges: [] });
    assert.equal(attempt.errorClass, 'blocked');
    assert.equal(attempt.status, null);
    assert.equal(receiver.connections, connections);
  });

  test('class tls: a certificate that is self-made, expired or another host’s gets no request', async () => {
    const { certify } = authority();
    for (const certificate of [
      certify(['localhost'], { selfSigned: true }),
      certify(['localhost'], { days: -1 }),
      certify(['hook.test']),
    ]) {
      const impostor = await startReceiver({ certificate });
      const attempt = await send({}, impostor.url);
      assert.equal(attempt.errorClass, 'tls');
      assert.match(attempt.errorMessage ?? '', /\([A-Z_]+\)\.$/);
      assert.equal(impostor.received.length, 0);
      await impostor.close();
    }
  });

  test('class tls: a port that speaks no TLS', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    using plain = await listening(server);
    assert.equal((await send({}, plain.url)).errorClass, 'tls');
  });

  test('class reset: a connection that breaks before an answer, without a second try', async () => {
    const { connections } = receiver;
    receiver.answers = [receivers.reset];
    assert.equal((await send()).errorClass, 'reset');
    assert.equal(receiver.connections, connections + 1);

    let handshakes = 0;
    const closing = tls.createServer(authority().certify(['localhost']), (socket) => {
      handshakes++;
      socket.on('error', () => {}).end();
    });
    using closer = await listening(closing);
    assert.equal((await send({}, closer.url)).errorClass, 'reset');
    assert.equal(handshakes, 1);
  });

  test('class reset: an answer that is not HTTP', async () => {
    receiver.answers = [(response) => response.socket?.end('220 mail.example ESMTP\r\n')];
    assert.equal((await send()).errorClass, 'reset');
  });

  test('class timeout: the deadline is for the whole, whatever it is that takes so long', async () => {
    const timeoutMs = 150;
    const silent = createServer((socket) => socket.on('error', () => {}));
    using handshake = await listening(silent);
    const dribble: receivers.Answer = (response) => {
      const timer = setInterval(() => response.socket?.write('x-more: 1\r\n'), 20);
      response.once('close', () => clearInterval(timer));
      response.socket?.write('HTTP/1.1 200 OK\r\n');
    };
    const slow: Promise<SentWebhook>[] = [
      send({ timeoutMs, lookup: () => {} }),
      send({ timeoutMs }, handshake.url),
    ];
    for (const lazy of [receivers.hang, dribble]) {
      receiver.answers = [lazy];
      slow.push(send({ timeoutMs }));
      await receiver.until(slow.length - 2);
    }
    for (const attempt of await Promise.all(slow)) {
      assert.equal(attempt.errorClass, 'timeout');
      assert.equal(attempt.errorMessage, 'The receiver did not answer in time (0.15 s).');
      assert.equal(attempt.status, null);
    }
    await receiver.untilIdle();
  });

  test('the status decides: a body that dawdles or breaks off after it changes nothing', async () => {
    receiver.answers = [receivers.drip(200)];
    const dawdled = await send({ timeoutMs: 1_000 });
    assert.equal(dawdled.status, 200);
    assert.equal(dawdled.errorClass, null);
    assert.match(dawdled.responseHead, /^\.+$/);

    receiver.answers = [
      (response, _request, tcp) => {
        response.writeHead(500, { 'content-length': '100' });
        response.write('half', () => tcp.resetAndDestroy());
      },
    ];
    const broken = await send();
    assert.equal(broken.status, 500);
    assert.equal(broken.errorClass, 'status');
    await receiver.untilIdle();
  });

  test('at most 4 KiB of an answer are kept, and the rest is not read', async () => {
    for (const status of [200, 500]) {
      receiver.answers = [receivers.huge(status)];
      const attempt = await send();
      assert.equal(attempt.status, status);
      assert.equal(attempt.responseHead, 'x'.repeat(4 * 1024));
      await receiver.untilIdle();
    }
  });

  test('what is kept of an answer is text that Postgres can store', async () => {
    const bytes =
      (data: Buffer): receivers.Answer =>
      (response) =>
        void response.end(data);
    const heads: string[] = [];
    for (const data of [
      Buffer.from('a\0b'),
      Buffer.from([0x61, 0xff, 0x62]),
      Buffer.from('😀'.repeat(2_000)).subarray(1, 4_096),
      Buffer.alloc(4_096, 0xff),
    ]) {
      receiver.answers = [bytes(data)];
      heads.push((await send()).responseHead);
    }
    assert.deepEqual(heads.slice(0, 2), ['a\uFFFDb', 'a\uFFFDb']);
    for (const head of heads) {
      assert.ok(Buffer.byteLength(head) <= 4_096);
      assert.equal(head.isWellFormed(), true);
    }
  });

  test('Retry-After is read as seconds and as a date', async () => {
    const read = async (value: string) => {
      receiver.answers = [answer(503, '', { 'retry-after': value })];
      return (await send()).retryAfterSeconds;
    };
    assert.equal(await read('120'), 120);
    assert.equal(await read('soon'), null);
    assert.equal(await read('-5'), null);
    assert.equal(await read('Wed, 21 Oct 2015 07:28:00 GMT'), 0);
    const seconds = await read(new Date(Date.now() + 3_600_000).toUTCString());
    assert.ok(seconds !== null && seconds > 3_500 && seconds <= 3_600, String(seconds));
  });
});
