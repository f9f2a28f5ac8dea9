import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client, request } from 'undici';
import { openDb } from '../src/postgres/db.ts';
import { authority } from '../test/support/certificates.ts';
import { endJobs } from '../test/support/ended_jobs.ts';
import { type Receiver, startReceiver } from '../test/support/receiver.ts';
import { databaseOn, secretsKey, startTestServer } from '../test/support/server.ts';
import { createKey } from '../test/support/service.ts';
import type { Measurement } from './measurement.ts';

const hosts = 10;
const lanesOfHost = 5;
const messages = 2_000;
/** Not measured, until compilers and pools are warm. */
const warmUp = 500;
const bare = '--bare-requests';

/**
 * Deliveries per second by one worker to ten local HTTPS receivers, with all its lanes busy, compared with as
 * many bare undici requests over fresh connections to the same receivers. Takes about half a minute.
 */
export async function benchWebhooks(): Promise<Measurement[]> {
  const postgres = await startTestServer();
  const receivers = await Promise.all(Array.from({ length: hosts }, (_, n) => receiverAt(n)));
  try {
    const databaseUrl = databaseOn(postgres.url, postgres.template);
    const db = openDb(databaseUrl, { max: 2, deadlineMs: 60_000 });
    const callers = await Promise.all(
      receivers.map(async ({ url }) => ({ url, key: await createKey(db) })),
    );
    for (let n = 0; n < messages / hosts; n += lanesOfHost)
      for (const { url, key } of callers) await endJobs(db, key.id, url, lanesOfHost);
    await db.close();
    const deliveries = await rate(receivers, () =>
      run(receivers, ['cli/vidgen.ts', 'worker'], {
        DATABASE_URL: databaseUrl,
        WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,::1',
        LOG_LEVEL: 'warn',
        SECRETS_KEY: secretsKey,
      }),
    );
    const urls = receivers.map(({ url }) => url);
    const requests = await rate(receivers, () =>
      run(receivers, ['bench/webhooks.ts', bare, ...urls]),
    );
    return [
      {
        name: 'webhook deliveries a second, of those of bare requests',
        value: Math.round((deliveries / requests) * 100) / 100,
        unit: 'ratio',
        must: 0.45,
      },
      {
        name: 'webhook deliveries a second, one worker',
        value: Math.round(deliveries),
        unit: '/s',
      },
      { name: 'bare undici requests, fresh connections', value: Math.round(requests), unit: '/s' },
    ];
  } finally {
    await Promise.all(receivers.map((receiver) => receiver.close()));
    await postgres.stop();
  }
}

/** Each at an address of its own: a port makes no other host, and a host has five lanes. */
function receiverAt(n: number): Promise<Receiver> {
  const host = `127.0.0.${n + 2}`;
  return startReceiver({ host, listen: host, certificate: authority().certify([host]) });
}

function run(receivers: Receiver[], command: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: receivers[0]?.caFile, ...env },
  });
}

/** Requests a second that reach the receivers once the sender is warm. */
async function rate(receivers: Receiver[], start: () => ChildProcess): Promise<number> {
  for (const receiver of receivers) receiver.received.length = 0;
  const sender = start();
  await Promise.all(receivers.map((receiver) => receiver.until(messages / hosts)));
  const closed = once(sender, 'exit');
  sender.kill();
  await closed;
  const times = receivers.flatMap(({ received }) => received.map(({ at }) => at)).sort();
  const [first = 0, last = 0] = [times[warmUp], times.at(-1)];
  return (times.length - warmUp - 1) / ((last - first) / 1000);
}

/** The other side of the comparison, in a separate process like the worker. */
async function sendBare(urls: string[]): Promise<void> {
  const body = Buffer.from(JSON.stringify({ jobId: 'c'.padEnd(25, '0'), status: 'FAILED' }));
  const lane = async (url: string) => {
    for (let n = 0; n < messages / hosts / lanesOfHost; n++) {
      const dispatcher = new Client(new URL(url).origin, { pipelining: 0 });
      const answer = await request(url, { dispatcher, method: 'POST', body });
      await answer.body.dump();
      await dispatcher.destroy();
    }
  };
  await Promise.all(urls.flatMap((url) => Array.from({ length: lanesOfHost }, () => lane(url))));
}

if (process.argv[2] === bare) await sendBare(process.argv.slice(3));
