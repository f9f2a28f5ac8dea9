import type { Task } from 'graphile-worker';
import { deliveries } from '../../src/metrics/counted.ts';
import type { Functions } from '../../src/postgres/api.types.ts';
import { call } from '../../src/postgres/call.ts';
import { openSigners } from '../../src/secrets/vault.ts';
import type { WorkerDeps } from '../deps.ts';
import { untilAnswered } from '../until_answered.ts';
import { catchWebhook } from '../webhook/catch.ts';
import { nextAttemptIn } from '../webhook/schedule.ts';
import { type SentWebhook, sendWebhook } from '../webhook/send.ts';

/** What is recorded instead of an answer. */
const unsigned: SentWebhook = {
  durationMs: 0,
  status: null,
  errorClass: 'secret',
  errorMessage: 'The webhook secret cannot be opened: the fault is on our side.',
  responseHead: '',
  retryAfterSeconds: null,
};

/** None when the newest cannot be opened. */
function opened({ log, vault }: WorkerDeps, secrets: string[], apiKeyId: string): string[] {
  try {
    return openSigners(vault, secrets, apiKeyId);
  } catch (err) {
    log.error({ err, apiKeyId }, 'a webhook secret cannot be opened');
    return [];
  }
}

/** Then other hosts get the slot. */
const goesOnForMs = 5_000;

/**
 * One attempt to deliver the message of an ended job. Its record decides whether another follows. While messages
 * are due for the same host, the task goes on with them.
 */
export const deliverWebhook = (deps: WorkerDeps): Task => {
  const { db, processId } = deps;
  return async (payload) => {
    const { jobId } = payload as { jobId: string };
    const begun = await call(db, 'begin_delivery', { job_id: jobId, process_id: processId });
    let delivery: Delivery | undefined = begun && { ...begun, job_id: jobId };
    const until = performance.now() + goesOnForMs;
    const goesOn = () => performance.now() < until && !deps.draining.aborted;
    while (delivery) {
      const next = await attempt(deps, delivery, goesOn);
      const host = next?.waiting_host;
      if (!host) delivery = next;
      else if (goesOn()) delivery = await call(db, 'take_waiting', { host, process_id: processId });
      else return void (await call(db, 'call_waiting', { host }));
    }
  };
};

type Delivery = NonNullable<Functions['take_waiting']['returns']>;
type Next = Functions['end_delivery']['returns'];

/** Sends and records. */
async function attempt(deps: WorkerDeps, delivery: Delivery, goesOn: () => boolean): Promise<Next> {
  const { config, db, log } = deps;
  const { job_id: jobId, attempt, step, url, body, message_id: id, api_key_id: owner } = delivery;
  const transport = { ranges: config.webhookRanges, proxyUrl: config.webhookProxyUrl };
  const secrets = opened(deps, delivery.secrets, owner);
  const webhook = { url, id, body: Buffer.from(body), secrets };
  const sent = secrets.length
    ? ((await catchWebhook(db, jobId, webhook)) ?? (await sendWebhook(webhook, transport)))
    : unsigned;
  const retryIn = nextAttemptIn(step, sent, config.webhookRetrySchedule);
  const next = await untilAnswered(deps, () =>
    call(db, 'end_delivery', {
      process_id: deps.processId,
      ended_job_id: jobId,
      ended_attempt: attempt,
      duration_ms: sent.durationMs,
      status: sent.status,
      error_class: sent.errorClass,
      error_message: sent.errorMessage,
      response_head: sent.responseHead,
      retry_in_seconds: retryIn,
      goes_on: goesOn(),
    }),
  );
  deliveries.inc({ outcome: sent.errorClass ?? 'delivered' });
  log.info(
    { jobId, attempt, status: sent.status, errorClass: sent.errorClass, ms: sent.durationMs },
    'webhook',
  );
  return next;
}
