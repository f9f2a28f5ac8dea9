import assert from 'node:assert/strict';
import crypto, { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import express from 'express';
import { Webhook } from 'standardwebhooks';
import { parseCidrs } from '../../src/outbound/webhook_url.ts';
import { sendWebhook } from '../../worker/webhook/send.ts';
import { signWebhook } from '../../worker/webhook/sign.ts';
import { type Received, type Receiver, startReceiver } from '../support/receiver.ts';

describe('signatures of webhooks', () => {
  // The documentation's example as a reader would paste it, to the letter.
  const example = `
app.post('/hooks/vidgen', express.raw({ type: 'application/json' }), (req, res) => {
  const got      = req.header('X-Webhook-Signature') || '';
  const expected = crypto
    .createHmac('sha256', process.env.WEBHOOK_SECRET)
    .update(req.body)
    .digest('hex');

  if (got.length !== expected.length ||
      !crypto.timingSafeEqual(Buffer.from(got), Buffer.from(expected))) {
    return res.status(401).end();
  }

  const event = JSON.parse(req.body.toString());
  // event.status, event.outputVideo, …
  res.sendStatus(200);
});
`;

  const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
  const ranges = parseCidrs('127.0.0.0/8,::1');
  const body = Buffer.from(
    '{"jobId": "c0", "status": "FAILED",\n "errorMessage": "Größe \\u00e9 → 😀"}',
  );

  let express5: Receiver;
  let receiver: Receiver;
  before(async () => {
    const app = express();
    new Function('app', 'express', 'crypto', example)(app, express, crypto);
    express5 = await startReceiver({ app });
    receiver = await startReceiver();
  });
  after(async () => {
    await express5.close();
    await receiver.close();
  });

  const send = (url: string, secrets: string[]) =>
    sendWebhook({ url, id: 'msg_1', body, secrets }, { ranges, ca: receiver.ca });

  async function receive(secrets: string[]) {
    await send(receiver.url, secrets);
    const last = receiver.received.at(-1) as Received;
    return { body: last.body, headers: last.headers as Record<string, string> };
  }

  test('6.2: the Express example accepts our webhook, and no other', async () => {
    const secret = newSecret();
    process.env.WEBHOOK_SECRET = secret;
    const url = new URL('/hooks/vidgen', express5.url).href;
    assert.equal((await send(url, [secret])).status, 200);
    assert.equal((await send(url, [newSecret()])).status, 401);
    // While a secret is being rotated, this header uses the new one only.
    assert.equal((await send(url, [secret, newSecret()])).status, 200);
    assert.equal((await send(url, [newSecret(), secret])).status, 401);
  });

  test('6.3: the standardwebhooks library accepts our webhook, and no other', async () => {
    const secret = newSecret();
    const { headers, body: bytes } = await receive([secret]);
    assert.deepEqual(bytes, body);
    assert.deepEqual(new Webhook(secret).verify(bytes, headers), JSON.parse(body.toString()));
    assert.throws(() => new Webhook(newSecret()).verify(bytes, headers), /No matching signature/);
    const forged = Buffer.from(bytes.toString().replace('FAILED', 'COMPLETED'));
    assert.throws(() => new Webhook(secret).verify(forged, headers), /No matching signature/);
    assert.throws(() => new Webhook(secret).verify(bytes, { ...headers, 'webhook-id': 'msg_2' }));
  });

  test('6.3: while a secret is being replaced, either one verifies', async () => {
    const [newest, old] = [newSecret(), newSecret()];
    const { headers, body: bytes } = await receive([newest, old]);
    assert.equal(headers['webhook-signature']?.split(' ').length, 2);
    new Webhook(newest).verify(bytes, headers);
    new Webhook(old).verify(bytes, headers);
  });

  test('6.3: the example of the Standard Webhooks specification', () => {
    const headers = signWebhook({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: new Date(1614265330_000),
      body: Buffer.from('{"test": 2432232314}'),
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    assert.equal(headers['webhook-timestamp'], '1614265330');
    assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('6.2: nothing is sent unsigned', async () => {
    const { connections } = receiver;
    await assert.rejects(send(receiver.url, []), /without a secret/);
    assert.equal(receiver.connections, connections);
  });
});
