import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type LookupFunction } from 'node:net';
import { after, before, test } from 'node:test';
import { Client, request } from 'undici';
import { BlockedAddress, guardedConnector } from '../../src/outbound/address.ts';
import { checkWebhookUrl, parseCidrs } from '../../src/outbound/webhook_url.ts';
import { sendWebhook, type Transport } from '../../worker/webhook/send.ts';
import { type Receiver, redirect, startReceiver } from '../support/receiver.ts';

// Refused by their text.
const LITERALS = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.255.255.254',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '0x7f000001',
  '0x7f.1',
  '%31%32%37.0.0.1',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '0xa9fea9fe',
  '168.63.129.16',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[::1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::a00:1]',
  '[100::1]',
  '[100:0:0:1::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::1]',
  '[3fff::1]',
  '[4000::1]',
  '[5f00::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '[fe80::1]',
  '[fe80::a9fe:a9fe]',
  '[fec0::1]',
  '[ff02::1]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'localhost..',
  'ⓛocalhost',
  'a.b.localhost',
];

// Refused for what they resolve to.
const NAMES: Record<string, string[]> = {
  'loopback.test': ['127.0.0.1'],
  '127.0.0.1.nip.test': ['127.0.0.1'],
  'ip6-loopback.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'compatible.test': ['::127.0.0.1'],
  'zone.test': ['fe80::1%lo'],
  'any.test': ['0.0.0.0'],
  'intranet.test': ['10.0.0.5'],
  'metadata.google.internal': ['169.254.169.254'],
  'nat64.test': ['64:ff9b::7f00:1'],
  'six-to-four.test': ['2002:7f00:1::'],
  'trailing-dot.test.': ['127.0.0.1'],
  'public-and-private.test': ['192.88.98.1', '127.0.0.1'],
  'private-and-public.test': ['::1', '2606:4700::1111'],
  'no-address.test': ['nonsense'],
};

const answering =
  (addressesOf: (hostname: string) => string[]): LookupFunction =>
  (hostname, _options, callback) => {
    const addresses = addressesOf(hostname);
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) || 6 })),
    );
  };

const webhook = (url: string) => ({
  url,
  id: 'msg_1',
  body: Buffer.from('{}'),
  secrets: ['whsec_c2VjcmV0'],
});
const closed: Transport = { allow: [], lookup: answering((name) => NAMES[name] ?? []) };

// Takes connections at every address this machine has, the whole loopback included.
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
  const opened = { ...closed, allow: parseCidrs('127.0.0.0/8') };
  for (const host of ['127.1', 'loopback.test', '127.0.0.1.nip.test']) {
    const before = reached;
    await sendWebhook(webhook(`https://${host}:${port}/`), opened);
    assert.equal(reached, before + 1, host);
  }
});

test(`6.5: ${LITERALS.length} hosts are refused by their text, at creation and at sending`, async () => {
  const before = reached;
  for (const host of LITERALS) {
    const url = `https://${host}:${port}/`;
    assert.equal(checkWebhookUrl(url, []).ok, false, url);
    assert.equal((await sendWebhook(webhook(url), closed)).errorClass, 'blocked', url);
  }
  assert.equal(reached, before);
});

test(`6.5: ${Object.keys(NAMES).length} hosts are refused for what they resolve to`, async () => {
  const before = reached;
  for (const host of Object.keys(NAMES)) {
    const url = `https://${host}:${port}/`;
    assert.equal(checkWebhookUrl(url, []).ok, true, url);
    assert.equal((await sendWebhook(webhook(url), closed)).errorClass, 'blocked', url);
  }
  assert.equal(reached, before);
});

test('6.5: the connector by itself takes no literal, which Node would not look up', async () => {
  const before = reached;
  for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
    const signal = AbortSignal.timeout(5_000);
    const dispatcher = new Client(`https://${host}:${port}`, {
      connect: guardedConnector({ allow: [], signal }),
    });
    await assert.rejects(request(`https://${host}:${port}/`, { dispatcher }), BlockedAddress, host);
    await dispatcher.destroy();
  }
  assert.equal(reached, before);
});

test('6.5: the machine’s own look-up is guarded too', async () => {
  const before = reached;
  const signal = AbortSignal.timeout(5_000);
  const dispatcher = new Client(`https://localhost:${port}`, {
    connect: guardedConnector({ allow: [], signal }),
  });
  await assert.rejects(request(`https://localhost:${port}/`, { dispatcher }), BlockedAddress);
  await dispatcher.destroy();
  assert.equal(reached, before);
});

test('6.5: an address that leads elsewhere gets not one byte', async () => {
  const [before, bytesBefore] = [reached, bytes];
  const arrived = once(listener, 'connection');
  const allow = parseCidrs('0.0.0.0/32'); // connects to 127.0.0.1, which is not opened
  const attempt = await sendWebhook(webhook(`https://0.0.0.0:${port}/`), { ...closed, allow });
  assert.equal(attempt.errorClass, 'blocked');
  const [socket] = await arrived;
  if (!socket.closed) await once(socket, 'close');
  assert.equal(reached, before + 1);
  assert.equal(bytes, bytesBefore);
});

// Below, 127.0.0.1 is opened and so plays the public address; 127.0.0.2 is the private one.
const half = (lookup?: LookupFunction): Transport => ({
  allow: parseCidrs('127.0.0.1/32'),
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
