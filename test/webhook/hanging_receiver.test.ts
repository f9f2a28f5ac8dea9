import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import tls from 'node:tls';
import { sql } from 'kysely';
import { inReverse } from '../support/database.ts';
import { endJobs } from '../support/ended_jobs.ts';
import { answer, type Receiver, startReceiver } from '../support/receiver.ts';
import { startService } from '../support/service.ts';
import { until } from '../support/until.ts';

test('a receiver that hangs takes five lanes, and nobody else’s deliveries wait for it', async (t) => {
  const cleanup = inReverse(t);
  const service = await startService(cleanup, {
    env: { WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8,::1', WEBHOOK_RETRY_SCHEDULE: '0,0' },
    worker: true,
  });
  // Two hosts, told apart by their names.
  const [hanging, answering] = [await startReceiver(), await startReceiver({ host: '127.0.0.1' })];
  cleanup.after(() => Promise.all([hanging.close(), answering.close()]));
  const own = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...own, hanging.ca]);
  cleanup.after(() => tls.setDefaultCACertificates(own));
  const { id } = await service.createKey();

  const held: ServerResponse[] = [];
  let most = 0;
  hanging.answers = [
    (response) => {
      held.push(response);
      most = Math.max(most, hanging.open);
    },
  ];
  // Twice as many as a worker sends at once to all.
  const many = 100;
  await endJobs(service.db, id, hanging.url, many);
  await hanging.until(5);
  const ids = await endJobs(service.db, id, answering.url, many);
  await answering.until(many);
  assert.deepEqual([...jobsOf(answering)].sort(), ids.sort());
  assert.equal(most, 5);

  // The receiver recovers: each delivery that ends lets a held one follow.
  hanging.answers = [answer(200)];
  for (const response of held) response.end();
  const undelivered = sql`select from vidgen.webhook where status <> 'delivered' limit 1`;
  await until('all are delivered', async () => !(await service.db.first(undelivered)));
  assert.equal(jobsOf(hanging).size, many);

  function jobsOf({ received }: Receiver): Set<string> {
    return new Set(received.map(({ body }) => JSON.parse(body.toString()).jobId));
  }
});
