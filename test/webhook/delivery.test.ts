import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import tls from 'node:tls';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import type * as z from 'zod';
import { keys } from '../../cli/keys.ts';
import { webhookDeliveries, webhookRequeued } from '../../src/openapi/schemas/webhooks.ts';
import { vidgen } from '../support/command.ts';
import { suiteCleanup } from '../support/database.ts';
import { endJob } from '../support/ended_jobs.ts';
import { answer, type Received, type Receiver, startReceiver } from '../support/receiver.ts';
import { type Key, type Service, startService } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';
import { until } from '../support/until.ts';

describe('webhooks of a running service', () => {
  const cleanup = suiteCleanup();
  let service: Service;
  let receiver: Receiver;
  let key: Key;
  before(async () => {
    const own = tls.getCACertificates('default');
    service = await startService(cleanup, {
      env: { WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,::1', WEBHOOK_RETRY_SCHEDULE: '0.05,0.05,3600' },
      worker: true,
    });
    receiver = await startReceiver();
    cleanup.after(() => receiver.close());
    tls.setDefaultCACertificates([...own, receiver.ca]);
    cleanup.after(() => tls.setDefaultCACertificates(own));
    key = await service.createKey();
  });

  const call = async (method: string, path: string, by: Key) => {
    const response = await service.call(`/api/jobs/${path}`, by, { method });
    const body = (await response.json()) as { code?: string };
    return { status: response.status, body };
  };
  const list = (jobId: string, by = key) => call('GET', `${jobId}/webhooks`, by);
  const redeliver = (jobId: string, by = key) => call('POST', `${jobId}/webhooks/redeliver`, by);
  type Listed = z.infer<typeof webhookDeliveries>;
  /** The list of deliveries once it meets the condition. */
  const listed = async (jobId: string, wished: (listed: Listed) => boolean): Promise<Listed> => {
    return until('the list is as wished', async () => {
      const now = webhookDeliveries.parse((await list(jobId)).body);
      return wished(now) && now;
    });
  };
  const delivered = (jobId: string) =>
    listed(jobId, ({ status, deliveries }) => status === 'delivered' && deliveries.length > 0);
  const sentFor = (jobId: string): Received[] =>
    receiver.received.filter(({ body }) => JSON.parse(body.toString()).jobId === jobId);
  const verified = ({ body, headers }: Received, secret: string): boolean => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };

  test('6.1: the body is, byte by byte, what the status endpoint says by then', async () => {
    const status = Promise.withResolvers<Buffer>();
    const path = '/a/hook?b=c';
    receiver.answers = [
      (response, { body }) => {
        const { jobId } = JSON.parse(body.toString());
        const now = service.call(`/api/status/${jobId}`, key);
        status.resolve(now.then(async (there) => Buffer.from(await there.arrayBuffer())));
        response.end('thanks');
      },
    ];
    const webhookUrl = `HTTPS://LocalHost:${receiver.port}${path}`;
    const created = await service.submit(key, { ...(await tinyInputs()), webhookUrl });
    assert.equal(created.status, 201);
    const { jobId } = (await created.json()) as { jobId: string };
    const said = await status.promise;
    const [request] = sentFor(jobId) as [Received];
    assert.equal(said.toString(), request.body.toString());
    assert.equal(JSON.parse(said.toString()).status, 'COMPLETED');
    assert.equal(request.method, 'POST');
    assert.equal(request.path, path);
    assert.equal(request.headers['content-type'], 'application/json');
    assert.ok(verified(request, key.webhookSecret));
    const hmac = createHmac('sha256', key.webhookSecret).update(request.body).digest('hex');
    assert.equal(request.headers['x-webhook-signature'], hmac);

    const { webhookId, deliveries, deliveredAt, nextAttemptAt } = await delivered(jobId);
    assert.equal(webhookId, request.headers['webhook-id']);
    assert.equal(nextAttemptAt, null);
    assert.ok(deliveredAt);
    const [delivery] = deliveries;
    assert.deepEqual(
      { ...delivery, startedAt: '', durationMs: 0 },
      {
        ...{ attempt: 1, startedAt: '', durationMs: 0, responseStatus: 200 },
        ...{ errorClass: null, errorMessage: null, responseBody: null },
      },
    );
  });

  test('6.4: each attempt is a row, all under one id; a redelivery ends the waiting', async () => {
    receiver.answers = [answer(500, 'no'), answer(302, '', { location: '/' }), answer(404)];
    const jobId = await endJob(service.db, key.id, receiver.url);
    const waiting = await listed(jobId, ({ deliveries }) =>
      deliveries.some((delivery) => delivery.attempt === 3 && delivery.durationMs !== null),
    );
    assert.equal(waiting.status, 'pending');
    assert.ok(Date.parse(waiting.nextAttemptAt ?? '') > Date.now() + 1_800_000);
    assert.deepEqual(
      waiting.deliveries.map(({ attempt, responseStatus, errorClass, responseBody }) => [
        ...[attempt, responseStatus, errorClass, responseBody],
      ]),
      [
        [3, 404, 'status', ''],
        [2, 302, 'status', ''],
        [1, 500, 'status', 'no'],
      ],
    );

    receiver.answers = [answer(200)];
    const { status, body } = await redeliver(jobId);
    assert.equal(status, 202);
    assert.equal(webhookRequeued.parse(body).webhookId, waiting.webhookId);
    await delivered(jobId);
    const sent = sentFor(jobId);
    assert.equal(sent.length, 4);
    assert.equal(new Set(sent.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.equal(new Set(sent.map((request) => request.body.toString())).size, 1);
    assert.deepEqual(await queuedFor(jobId), []);

    const before = receiver.received.length;
    assert.equal((await redeliver(jobId)).status, 202, 'also what was delivered');
    await receiver.until(before + 1);
    assert.equal(sentFor(jobId).length, 5);
  });

  test('410 ends it', async () => {
    receiver.answers = [answer(410)];
    const jobId = await endJob(service.db, key.id, receiver.url);
    const { deliveries } = await listed(jobId, ({ status }) => status === 'abandoned');
    assert.equal(deliveries.length, 1);
    assert.deepEqual(await queuedFor(jobId), []);
  });

  const queuedFor = (jobId: string) =>
    service.db.run(sql`select from graphile_worker.jobs
      where key = ${`deliver_webhook:${jobId}`} and locked_at is null`);

  test('a new secret signs at once, the old one beside it until the grace ends', async () => {
    receiver.answers = [answer(200)];
    const jobId = await endJob(service.db, key.id, receiver.url);
    await delivered(jobId);
    const again = async () => {
      const before = receiver.received.length;
      await redeliver(jobId);
      await receiver.until(before + 1);
      return receiver.received.at(-1) as Received;
    };
    const first = key.webhookSecret;
    const { webhookSecret: second } = await rotate('1h');
    const during = await again();
    assert.deepEqual([verified(during, first), verified(during, second)], [true, true]);
    const hmac = createHmac('sha256', second).update(during.body).digest('hex');
    assert.equal(during.headers['x-webhook-signature'], hmac);

    await service.db.run(sql`update vidgen.api_key
      set previous_webhook_secret_until = now() where id = ${key.id}`);
    const after = await again();
    assert.deepEqual([verified(after, first), verified(after, second)], [false, true]);

    key = { ...key, webhookSecret: (await rotate('0s')).webhookSecret };
    const last = await again();
    const known = [first, second, key.webhookSecret].map((secret) => verified(last, secret));
    assert.deepEqual(known, [false, false, true]);
  });

  test('secrets are rotated by name, with a grace that is a time', async () => {
    await assert.rejects(
      service.db.run(sql`select admin.rotate_webhook_secret('nobody', 'sealed:x:y')`),
      /There is no API key named "nobody"/,
    );
    await assert.rejects(
      service.db.run(sql`select admin.rotate_webhook_secret(${key.name}, 'sealed:x:y', '-1 hour')`),
      /between zero and a year/,
    );
    const { config } = service;
    const positionals = ['rotate-secret', key.name];
    await assert.rejects(
      keys.run({ config, positionals, options: { grace: 'soon' } }),
      /--grace must be like 90s, 30m, 24h or 7d/,
    );
  });

  async function rotate(grace: string): Promise<{ webhookSecret: string }> {
    const { stdout } = await vidgen(
      { DATABASE_URL: service.databaseUrl },
      ...['keys', 'rotate-secret', key.name, '--grace', grace, '--json'],
    );
    return JSON.parse(stdout);
  }

  test('404 for what is not one’s own; 409 where there is nothing to send', async () => {
    const [owner, stranger] = [await service.createKey(), await service.createKey()];
    const job = await endJob(service.db, owner.id, receiver.url);
    for (const ask of [list, redeliver]) {
      for (const id of [job, 'c000000000000000000000000', 'nonsense']) {
        const { status, body } = await ask(id, stranger);
        assert.deepEqual([status, body.code], [404, 'job_not_found']);
      }
    }
    for (const [state, webhookUrl, code] of [
      ['PENDING', receiver.url, 'job_not_ended'],
      ['PROCESSING', receiver.url, 'job_not_ended'],
      ['CANCELLED', receiver.url, 'no_webhook'],
      ['FAILED', null, 'no_webhook'],
    ] as const) {
      const jobId = await unqueued(owner, state, webhookUrl);
      const refused = await redeliver(jobId, owner);
      assert.deepEqual([refused.status, refused.body.code], [409, code], state);
      const { status, body } = await list(jobId, owner);
      assert.equal(status, 200);
      assert.deepEqual(webhookDeliveries.parse(body), {
        ...{ jobId, webhookUrl, webhookId: null, status: null },
        ...{ nextAttemptAt: null, deliveredAt: null, deliveries: [] },
      });
      await service.db.run(sql`delete from vidgen.job where id = ${jobId}`);
    }
  });

  /** A job in this state that no worker will find. */
  async function unqueued(owner: Key, state: string, webhookUrl: string | null): Promise<string> {
    const row = await service.db.first(sql<{ id: string }>`
      insert into vidgen.job (api_key_id, webhook_url, status, process_id, error_message, finished_at)
      values (${owner.id}, ${webhookUrl}, ${state}, ${state === 'PROCESSING' ? 1 : null},
        ${state === 'FAILED' ? 'It was not to be.' : null},
        ${state === 'CANCELLED' || state === 'FAILED' ? new Date() : null})
      returning id`);
    return row?.id as string;
  }
});
