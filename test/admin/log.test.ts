import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, describe, test } from 'node:test';
import { openDb } from '../../src/postgres/db.ts';
import { freePort } from '../../src/process/free_port.ts';
import { startVidgen, vidgen } from '../support/command.ts';
import { createDatabase, suiteCleanup } from '../support/database.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { secretsKey } from '../support/server.ts';
import { clientOf, type JobStatus } from '../support/service.ts';
import { tinyInputs } from '../support/tiny_inputs.ts';

const metricsToken = 'the-scraper-of-metrics';
/** A name that reads as another one where its characters take effect. */
const keyName = 'jour\u202eyen';
const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Everything that a service logs, at the finest level, while a caller and an operator use it. */
describe('the log of a whole journey', () => {
  const cleanup = suiteCleanup();
  const secrets = new Map<string, string>();
  let lines: Record<string, unknown>[];
  let output = '';
  let jobId = '';
  before(async () => {
    const receiver: Receiver = await startReceiver();
    cleanup.after(() => receiver.close());
    const { url: databaseUrl } = await createDatabase(cleanup);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const service = startVidgen(
      {
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        HOST: '127.0.0.1',
        PUBLIC_URL: url,
        METRICS_TOKEN: metricsToken,
        LOG_LEVEL: 'trace',
        WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,::1',
        NODE_EXTRA_CA_CERTS: receiver.caFile,
      },
      'start',
    );
    for (const stream of [service.stdout, service.stderr])
      stream?.on('data', (piece: Buffer) => {
        output += piece;
      });
    cleanup.after(() => service.kill('SIGKILL'));
    while (!output.includes('VidGen listens on')) await once(service.stdout as never, 'data');

    const db = openDb(databaseUrl, { max: 1 });
    cleanup.after(() => db.close());
    const client = clientOf(url, db);
    const operate = async (...args: string[]) =>
      JSON.parse((await vidgen({ DATABASE_URL: databaseUrl }, ...args, '--json')).stdout);
    const created = await operate('keys', 'create', keyName);
    const key = { ...created, name: keyName };
    const form = { webhookUrl: receiver.url };
    const submitted = await client.submit(key, { ...(await tinyInputs()), ...form });
    jobId = ((await submitted.json()) as JobStatus).jobId;
    const job = await client.until(key, jobId, 'COMPLETED');
    await receiver.until(1);
    await (await fetch(job.outputVideo ?? '')).arrayBuffer();
    await (await fetch(job.outputShareLink ?? '')).text();
    // Failures are logged too.
    await client.submit(key, { image: new Blob(['no picture']), audio: new Blob(['no sound']) });
    await client.call('/api/jobs', `${key.apiKey}x`);
    for (const headers of [
      { 'X-Request-Id': 'from-the-proxy' },
      { 'X-Request-Id': 'from-the-proxy', traceparent: `00-${trace}-00f067aa0ba902b7-01` },
      { 'X-Request-Id': 'a blank', traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
      { 'X-Request-Id': 'x'.repeat(129) },
    ])
      await client.call(`/api/status/${jobId}`, key, {
        headers: headers as Record<string, string>,
      });
    await client.call('/api/health');
    await client.call('/metrics', undefined, {
      headers: { Authorization: `Bearer ${metricsToken}` },
    });
    const rotated = await operate('keys', 'rotate', keyName);
    const resealed = await operate('keys', 'rotate-secret', keyName);
    await client.call(`/api/jobs/${jobId}/webhooks/redeliver`, rotated.apiKey, { method: 'POST' });
    await receiver.until(2);
    service.kill('SIGTERM');
    assert.deepEqual(await once(service, 'exit'), [0, null]);

    const [{ body, headers }] = receiver.received as [Receiver['received'][0]];
    for (const [what, secret] of Object.entries({
      'API key': key.apiKey,
      'rotated API key': rotated.apiKey,
      'webhook secret': key.webhookSecret,
      'webhook secret in base64 alone': key.webhookSecret.slice('whsec_'.length),
      'rotated webhook secret': resealed.webhookSecret,
      'sealed secret': 'sealed:',
      SECRETS_KEY: secretsKey,
      METRICS_TOKEN: metricsToken,
      'password of the database': decodeURIComponent(new URL(databaseUrl).password),
      'address of the video': /\/media\/([\w-]+)/.exec(job.outputVideo ?? '')?.[1],
      'webhook body': body.toString(),
      'part of a webhook body': '"outputVideo"',
      signature: headers['x-webhook-signature'],
    }))
      secrets.set(what, String(secret));
    lines = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  });

  test('has no key, secret, token or body in it', () => {
    assert.equal(secrets.size, 13);
    for (const [what, secret] of secrets) {
      assert.ok(secret.length > 6 && secret !== 'undefined', what);
      assert.ok(!output.includes(secret), `${what} is in the log`);
    }
  });

  test('has a line for each request, with its id, and the job’s id where it is about one', () => {
    const requests = lines.filter(({ msg }) => msg === 'request');
    assert.ok(requests.length >= 8);
    for (const request of requests) {
      assert.match(String(request.requestId), /^[\da-f-]{36}$/);
      assert.deepEqual(
        ['method', 'path', 'status', 'ms'].filter((name) => !(name in request)),
        [],
      );
    }
    const made = lines.find(({ msg }) => msg === 'job created');
    assert.equal(made?.jobId, jobId);
    const submission = requests.find(({ requestId }) => requestId === made?.requestId);
    assert.deepEqual(
      [submission?.method, submission?.path, submission?.status],
      ['POST', '/api/jobs', 201],
    );
    assert.ok(requests.some(({ path }) => path === `/api/status/${jobId}`));
    assert.ok(requests.some(({ path }) => path === '/media/…/video.mp4'));
  });

  test('says who asked, and finds the request in the logs of others', () => {
    const polls = lines.filter(
      ({ msg, path }) => msg === 'request' && path === `/api/status/${jobId}`,
    );
    assert.deepEqual(
      polls.slice(-4).map(({ traceId }) => traceId),
      ['from-the-proxy', trace, undefined, undefined],
    );
    for (const { key, client } of polls) {
      assert.equal(key, keyName);
      assert.match(String(client), /^127\.0\.0\.1$|^::/);
    }
    const refused = lines.find(({ msg, status }) => msg === 'request' && status === 401);
    assert.equal(refused?.key, undefined);
  });

  test('is quiet about probes, and calm about a planned end', () => {
    const probes = lines.filter(({ path }) => path === '/api/health' || path === '/metrics');
    assert.deepEqual(
      probes.map(({ level }) => level),
      ['debug', 'debug'],
    );
    const end = lines.findIndex(({ msg }) => msg === 'stopping');
    assert.ok(end > 0);
    assert.deepEqual(
      lines.slice(end).filter(({ level, err }) => err !== undefined || level === 'error'),
      [],
    );
  });

  test('has nothing in it that drives a terminal or turns text around', () => {
    assert.ok(output.includes('jour\\u202eyen'));
    assert.doesNotMatch(output.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
  });

  test('has a line for each event of a job, with its id and attempt', () => {
    const events = lines.filter((line) => line.jobId === jobId && 'attempt' in line);
    const named = (name: string) => events.filter(({ msg }) => msg === name);
    assert.deepEqual(
      ['rendering', 'completed'].map((name) => named(name).map(({ attempt }) => attempt)),
      [[1], [1]],
    );
    const [completed] = named('completed');
    assert.equal(completed?.key, keyName);
    assert.ok(Number(completed?.seconds) > 0);
    assert.deepEqual(
      named('webhook').map(({ attempt, status }) => [attempt, status]),
      [
        [1, 200],
        [2, 200],
      ],
    );
  });
});
