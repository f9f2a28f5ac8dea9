import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { call } from '../../src/postgres/call.ts';
import { suiteCleanup } from '../support/database.ts';
import { createJob, type Key, type Service, startService } from '../support/service.ts';

type Opened = { url: string; token: string; expiresAt: string };
type Caught = {
  url: string;
  webhooks: { jobId: string; receivedAt: string; headers: Record<string, string>; body: string }[];
};

const open = async (service: Service, key: Key) =>
  (await (await service.call('/api/hooks', key, { method: 'POST' })).json()) as Opened;

describe('the webhook catcher, with a worker', () => {
  let service: Service;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup, { env: { WEBHOOK_CATCHER: 'on' }, worker: true });
  });

  test('shows the delivery of a job of the same key, signed as always', async () => {
    const key = await service.createKey();
    const { url, token } = await open(service, key);
    // Its files are empty, so the job is soon FAILED.
    const jobId = await createJob(service.db, key.id, url);
    await service.until(key, jobId, 'FAILED');
    let caught: Caught;
    do {
      caught = (await (await service.call(`/api/hooks/${token}`, key)).json()) as Caught;
    } while (caught.webhooks.length === 0);
    const [webhook] = caught.webhooks;
    assert.equal(webhook?.jobId, jobId);
    assert.equal(webhook.headers['content-type'], 'application/json');
    assert.match(webhook.headers['x-webhook-signature'] ?? '', /^[0-9a-f]{64}$/);
    const event = new Webhook(key.webhookSecret).verify(webhook.body, webhook.headers);
    const status = await (await service.call(`/api/status/${jobId}`, key)).json();
    assert.deepEqual(event, status);
    // The attempt is recorded after it was made.
    let delivery: { status: number | null; attempt: number } | undefined;
    do {
      delivery = await service.db.first(
        sql`select status, attempt from vidgen.delivery where job_id = ${jobId}`,
      );
    } while (!delivery?.status);
    assert.deepEqual(delivery, { status: 200, attempt: 1 });
  });
});

describe('the webhook catcher', () => {
  let service: Service;
  const cleanup = suiteCleanup();
  before(async () => {
    service = await startService(cleanup, { env: { WEBHOOK_CATCHER: 'on' } });
  });

  /** Whether a webhook of this key's job to this address would be caught. */
  async function isCaught(key: Key, url: string): Promise<boolean | undefined> {
    const jobId = await createJob(service.db, key.id, url);
    await service.db.run(sql`
      with p as (insert into vidgen.process (kind, host, pid) values ('worker', 'test', 1) returning id)
      select api.claim_job(${jobId}, p.id::integer) from p`);
    await call(service.db, 'fail_job', { job_id: jobId, attempt: 1, error_message: 'Not today.' });
    return call(service.db, 'catch_webhook', { job_id: jobId, headers: {} });
  }

  test('its address never leaves the machine where the service has no public one', async () => {
    const key = await service.createKey();
    const { url, token, expiresAt } = await open(service, key);
    assert.equal(url, `https://your-app.example/hooks/${token}`);
    assert.match(token, /^[\w-]{22}$/);
    assert.equal(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000), 60);
  });

  test('opened twice it is the same one, for another hour', async () => {
    const key = await service.createKey();
    const first = await open(service, key);
    const second = await open(service, key);
    assert.equal(second.url, first.url);
    assert.ok(second.expiresAt > first.expiresAt);
  });

  test("catches its own key's jobs only, and shows them to that key only", async () => {
    const [key, other] = [await service.createKey(), await service.createKey()];
    const { url, token } = await open(service, key);
    assert.equal(await isCaught(other, url), false);
    assert.equal(await isCaught(key, url), true);
    assert.equal((await service.call(`/api/hooks/${token}`, other)).status, 404);
    const own = (await (await service.call(`/api/hooks/${token}`, key)).json()) as Caught;
    assert.equal(own.webhooks.length, 1);
  });

  test('catches under its whole address only', async () => {
    const key = await service.createKey();
    const { token } = await open(service, key);
    assert.equal(await isCaught(key, `https://elsewhere.example/hooks/${token}`), false);
  });

  test('is closed after its hour, and tidied away with what it caught', async () => {
    const key = await service.createKey();
    const { url, token } = await open(service, key);
    assert.equal(await isCaught(key, url), true);
    await service.db.run(
      sql`update vidgen.webhook_catcher set expires_at = now() where token = ${token}`,
    );
    assert.equal((await service.call(`/api/hooks/${token}`, key)).status, 404);
    assert.equal(await isCaught(key, url), false);
    await call(service.db, 'tidy');
    const left = await service.db.run(
      sql`select from vidgen.caught_webhook where token = ${token}`,
    );
    assert.equal(left.length, 0);
    assert.notEqual((await open(service, key)).url, url);
  });

  test('takes nothing from the network', async () => {
    const key = await service.createKey();
    const { token } = await open(service, key);
    const posted = await service.call(`/hooks/${token}`, undefined, { method: 'POST', body: '{}' });
    assert.equal(posted.status, 410);
    assert.equal(((await posted.json()) as { code: string }).code, 'catcher_closed');
  });

  test('needs a key, and says so where it is off', async (t) => {
    assert.equal((await service.call('/api/hooks', undefined, { method: 'POST' })).status, 401);
    const off = await startService(t);
    const key = await off.createKey();
    const refused = await off.call('/api/hooks', key, { method: 'POST' });
    assert.equal(refused.status, 404);
    assert.equal(((await refused.json()) as { code: string }).code, 'catcher_off');
  });

  test('is on the public address where there is one', async (t) => {
    const env = { WEBHOOK_CATCHER: 'on', PUBLIC_URL: 'https://vidgen.example' };
    const far = await startService(t, { env });
    const key = await far.createKey();
    const response = await fetch(`http://127.0.0.1:${far.config.port}/api/hooks`, {
      method: 'POST',
      headers: { 'X-API-Key': key.apiKey, 'X-Test-Ip': '10.1.2.3' },
    });
    const { url, token } = (await response.json()) as Opened;
    assert.equal(url, `https://vidgen.example/hooks/${token}`);
  });
});
