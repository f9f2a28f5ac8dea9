import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { type Receiver, startReceiver } from '../support/receiver.ts';

describe('which authorities webhooks trust', () => {
  const send = `
  import { parseCidrs } from './src/outbound/webhook_url.ts';
  import { sendWebhook } from './worker/webhook/send.ts';
  const webhook = { url: process.argv[1], id: 'msg_1', body: Buffer.from('{}'), secrets: ['s'] };
  const attempt = await sendWebhook(webhook, { ranges: parseCidrs('127.0.0.0/8,::1') });
  console.log(attempt.errorClass ?? attempt.status);
`;

  let receiver: Receiver;
  before(async () => {
    receiver = await startReceiver();
  });
  after(() => receiver.close());

  // Node reads these variables when it starts: hence a process of its own.
  async function sendWith(env: Record<string, string>): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', send, receiver.url],
      { cwd: new URL('../..', import.meta.url), env: { ...process.env, ...env } },
    );
    return stdout.trim();
  }

  test('a private authority is trusted by NODE_EXTRA_CA_CERTS, and only by it', async () => {
    const [trusting, careless] = await Promise.all([
      sendWith({ NODE_EXTRA_CA_CERTS: receiver.caFile }),
      sendWith({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
    ]);
    assert.equal(trusting, '200');
    assert.equal(careless, 'tls');
    assert.equal(receiver.received.length, 1);
  });
});
