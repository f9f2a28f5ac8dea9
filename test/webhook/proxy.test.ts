import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { sendWebhook } from '../../worker/webhook/send.ts';
import { authority } from '../support/certificates.ts';
import { hang, type Receiver, reset, startReceiver } from '../support/receiver.ts';

describe('webhooks through an egress proxy', () => {
  // A real CONNECT proxy that knows one host: hook.test.
  let tunnels: { target: string; authorization?: string }[] = [];
  let refuseWith: number | 'silence' | 'hang-up' | 'dead tunnel' | null = null;
  const sockets = new Set<Socket>();
  const proxy: Server = createServer();
  proxy.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  proxy.on('connect', (request: IncomingMessage, client: Socket) => {
    tunnels.push({
      target: request.url ?? '',
      authorization: request.headers['proxy-authorization'],
    });
    if (refuseWith === 'silence') return;
    if (refuseWith === 'hang-up') return client.end();
    if (refuseWith === 'dead tunnel') return client.write('HTTP/1.1 200 OK\r\n\r\n');
    if (refuseWith !== null) return client.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
    const upstream = connect(receiver.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => client.destroy());
    client.once('close', () => upstream.destroy());
  });

  let receiver: Receiver;
  let proxyUrl: string;
  before(async () => {
    receiver = await startReceiver();
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    proxyUrl = `http://me:pass%20word@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    tunnels = [];
    refuseWith = null;
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await receiver.close();
  });

  const send = (
    url = 'https://hook.test/path',
    options: { proxyUrl?: string; timeoutMs?: number } = {},
  ) =>
    sendWebhook(
      { url, id: 'msg_1', body: Buffer.from('{}'), secrets: ['whsec_c2VjcmV0'] },
      { ranges: [], ca: authority().ca, proxyUrl, ...options },
    );

  test('a webhook goes through the proxy, which resolves the name', async () => {
    const attempt = await send();
    assert.equal(attempt.errorClass, null);
    assert.equal(attempt.status, 200);
    const authorization = `Basic ${Buffer.from('me:pass word').toString('base64')}`;
    assert.deepEqual(tunnels, [{ target: 'hook.test:443', authorization }]);
    const [request] = receiver.received;
    assert.equal(request?.path, '/path');
    assert.equal(request?.headers.host, 'hook.test');
    assert.equal(request?.headers['proxy-authorization'], undefined);
    assert.ok(request?.headers['x-webhook-signature']);
  });

  test('6.5: a private literal does not even get to the proxy', async () => {
    for (const host of ['127.0.0.1', '[::ffff:10.0.0.1]', '169.254.169.254', 'localhost']) {
      assert.equal((await send(`https://${host}/`)).errorClass, 'blocked', host);
    }
    assert.deepEqual(tunnels, []);
  });

  test('the receiver’s certificate is verified through the proxy too', async () => {
    const attempt = await send('https://other.test/');
    assert.equal(attempt.errorClass, 'tls');
    assert.equal(tunnels.length, 1);
  });

  test('what the proxy refuses is blocked, what it cannot reach is refused', async () => {
    for (const [status, errorClass] of [
      [403, 'blocked'],
      [407, 'blocked'],
      [502, 'refused'],
      [504, 'refused'],
    ] as const) {
      refuseWith = status;
      const attempt = await send();
      assert.equal(attempt.errorClass, errorClass, String(status));
      assert.equal(
        attempt.errorMessage,
        `The egress proxy did not connect to the receiver (${status}).`,
      );
      assert.equal(attempt.status, null);
    }
    assert.equal(tunnels.length, 4);
  });

  test('a proxy that hangs up, is silent or is not there fails one attempt, once', async () => {
    refuseWith = 'hang-up';
    assert.equal((await send()).errorClass, 'refused');
    assert.equal(tunnels.length, 1);
    refuseWith = 'silence';
    assert.equal((await send(undefined, { timeoutMs: 150 })).errorClass, 'timeout');
    refuseWith = 'dead tunnel';
    assert.equal((await send(undefined, { timeoutMs: 150 })).errorClass, 'timeout');
    assert.equal(tunnels.length, 3);
    const nowhere = createServer();
    await once(nowhere.listen(0, '127.0.0.1'), 'listening');
    const { port } = nowhere.address() as AddressInfo;
    nowhere.close();
    await once(nowhere, 'close');
    const attempt = await send(undefined, { proxyUrl: `http://127.0.0.1:${port}` });
    assert.equal(attempt.errorClass, 'refused');
  });

  test('behind the proxy a receiver can hang and break like any other', async () => {
    receiver.answers = [hang];
    assert.equal((await send(undefined, { timeoutMs: 150 })).errorClass, 'timeout');
    receiver.answers = [reset];
    assert.equal((await send()).errorClass, 'reset');
    await receiver.untilIdle();
    assert.equal(tunnels.length, 2);
  });
});
