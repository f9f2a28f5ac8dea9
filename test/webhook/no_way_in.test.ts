import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type LookupFunction } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Client, request } from 'undici';
import { BlockedAddress, guardedConnector } from '../../src/outbound/address.ts';
import { checkWebhookUrl, parseCidrs } from '../../src/outbound/webhook_url.ts';
import { sendWebhook, type Transport } from '../../worker/webhook/send.ts';
import { answering, literalHosts, namedHosts } from '../support/private_hosts.ts';
import { type Receiver, redirect, startReceiver } from '../support/receiver.ts';

describe('no way into a private network', () => {
  const webhook = (url: string) => ({
    url,
    id: 'msg_1',
    body: Buffer.from('{}'),
    secrets: ['whsec_c2VjcmV0'],
  });
  const closed: Transport = { ranges: [], lookup: answering((name) => namedHosts[name] ?? []) };

  // A server that listens on every address of this machine, the whole loopback included.
  let reached = 0;
  let bytes = 0;
  let port = 0;
  const listener = createServer((socket) => {
    reached++;
    socket.on('data', (data) => (bytes += data.length)).on('error', () => {});
    socket.end();
  });
  let receiver: Receiver;

  before(async () => {
    await once(listener.listen(0), 'listening');
    port = (listener.address() as AddressInfo).port;
    receiver = await startReceiver({ listen: '0.0.0.0' });
  });
  after(async () => {
    listener.close();
    await receiver.close();
  });

  test('the listener counts what gets through (else the tests below would prove nothing)', async () => {
    const opened = { ...closed, ranges: parseCidrs('127.0.0.0/8') };
    for (const host of ['127.1', 'loopback.test', '127.0.0.1.nip.test']) {
      const before = reached;
      await sendWebhook(webhook(`https://${host}:${port}/`), opened);
      assert.equal(reached, before + 1, host);
    }
  });

  test(`6.5: ${literalHosts.length} hosts are refused by their text, at creation and at sending`, async () => {
    const before = reached;
    for (const host of literalHosts) {
      const url = `https://${host}:${port}/`;
      assert.equal(checkWebhookUrl(url, []).ok, false, url);
      assert.equal((await sendWebhook(webhook(url), closed)).errorClass, 'blocked', url);
    }
    assert.equal(reached, before);
  });

  test(`6.5: ${Object.keys(namedHosts).length} hosts are refused for what they resolve to`, async () => {
    const before = reached;
    for (const host of Object.keys(namedHosts)) {
      const url = `https://${host}:${port}/`;
      assert.equal(checkWebhookUrl(url, []).ok, true, url);
      assert.equal((await sendWebhook(webhook(url), closed)).errorClass, 'blocked', url);
    }
    assert.equal(reached, before);
  });

  test('6.5: the connector itself refuses a literal address, which Node would not look up', async () => {
    const before = reached;
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
      const signal = AbortSignal.timeout(5_000);
      const dispatcher = new Client(`https://${host}:${port}`, {
        connect: guardedConnector({ ranges: [], signal }),
      });
      await assert.rejects(
        request(`https://${host}:${port}/`, { dispatcher }),
        BlockedAddress,
        host,
      );
      await dispatcher.destroy();
    }
    assert.equal(reached, before);
  });

  test('6.5: the machine’s own look-up is guarded too', async () => {
    const before = reached;
    const signal = AbortSignal.timeout(5_000);
    const dispatcher = new Client(`https://localhost:${port}`, {
      connect: guardedConnector({ ranges: [], signal }),
    });
    await assert.rejects(request(`https://localhost:${port}/`, { dispatcher }), BlockedAddress);
    await dispatcher.destroy();
    assert.equal(reached, before);
  });

  test('6.5: an address that leads elsewhere gets not one byte', async () => {
    const [before, bytesBefore] = [reached, bytes];
    const arrived = once(listener, 'connection');
    const ranges = parseCidrs('0.0.0.0/32'); // connects to 127.0.0.1, which is not opened
    const attempt = await sendWebhook(webhook(`https://0.0.0.0:${port}/`), { ...closed, ranges });
    assert.equal(attempt.errorClass, 'blocked');
    const [socket] = await arrived;
    if (!socket.closed) await once(socket, 'close');
    assert.equal(reached, before + 1);
    assert.equal(bytes, bytesBefore);
  });

  // Below, 127.0.0.1 is allowed and plays the public address; 127.0.0.2 is the private one.
  const half = (lookup?: LookupFunction): Transport => ({
    ranges: parseCidrs('127.0.0.1/32'),
    ca: receiver.ca,
    lookup,
  });

  test('6.5: DNS that changes its mind is believed at no moment', async () => {
    const { port, connections } = receiver;
    let lookups = 0;
    const transport = half(answering(() => [++lookups % 2 === 1 ? '127.0.0.1' : '127.0.0.2']));
    const url = `https://hook.test:${port}/`;
    assert.equal((await sendWebhook(webhook(url), transport)).status, 200);
    assert.equal(lookups, 1, 'the address that was checked is the one connected to');
    assert.equal((await sendWebhook(webhook(url), transport)).errorClass, 'blocked');
    assert.equal(lookups, 2);
    assert.equal(receiver.connections, connections + 1);
  });

  test('6.5: a host with one public and one private address is not reached at either', async () => {
    const { port, connections } = receiver;
    for (const addresses of [
      ['127.0.0.1', '127.0.0.2'],
      ['127.0.0.2', '127.0.0.1'],
    ]) {
      const transport = half(answering(() => addresses));
      const attempt = await sendWebhook(webhook(`https://hook.test:${port}/`), transport);
      assert.equal(attempt.errorClass, 'blocked');
    }
    assert.equal(receiver.connections, connections);
  });

  test('6.5: a redirect to a private address is not followed', async () => {
    const before = reached;
    receiver.answers = [redirect(`https://127.0.0.1:${port}/`)];
    const attempt = await sendWebhook(webhook(`https://127.0.0.1:${receiver.port}/`), half());
    assert.equal(attempt.status, 302);
    assert.equal(attempt.errorClass, 'status');
    assert.match(attempt.errorMessage ?? '', /redirect \(302\), which is not followed/);
    assert.equal(reached, before);
  });
});
