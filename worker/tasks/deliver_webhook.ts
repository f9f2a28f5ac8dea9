import type { Task } from 'graphile-worker';
import { deliveries } from '../../src/metrics.ts';
import { call } from '../../src/postgres/call.ts';
import type { WorkerDeps } from '../deps.ts';
import { untilAnswered } from '../until_answered.ts';
import { catchWebhook } from '../webhook/catch.ts';
import { nextAttemptIn } from '../webhook/schedule.ts';
import { sendWebhook } from '../webhook/send.ts';

/** One attempt to deliver the message of an ended job. Its record decides whether another follows. */
export const deliverWebhook = (deps: WorkerDeps): Task => {
  const { config, db, log, processId, vault } = deps;
  const transport = { allow: config.webhookAllowCidrs, proxyUrl: config.webhookProxyUrl };
  return async (payload) => {
    const { jobId } = payload as { jobId: string };
    const delivery = await call(db, 'begin_delivery', { job_id: jobId, process_id: processId });
    if (!delivery) return;
    const { attempt, step, url, body, message_id: id, api_key_id: owner } = delivery;
    const secrets = delivery.secrets.map((secret) => vault.open(secret, owner));
    const webhook = { url, id, body: Buffer.from(body), secrets };
    const sent =
      (await catchWebhook(db, jobId, webhook)) ?? (await sendWebhook(webhook, transport));
    const retryIn = nextAttemptIn(step, sent, config.webhookRetrySchedule);
    const host = await untilAnswered(deps, () =>
      call(db, 'record_delivery', {
        job_id: jobId,
        attempt,
        duration_ms: sent.durationMs,
        status: sent.status,
        error_class: sent.errorClass,
        error_message: sent.errorMessage,
        response_head: sent.responseHead,
        retry_in_seconds: retryIn,
      }),
    );
    if (host) await call(db, 'call_waiting', { host });
    deliveries.inc({ outcome: sent.errorClass ?? 'delivered' });
    log.info(
      { jobId, attempt, status: sent.status, errorClass: sent.errorClass, ms: sent.durationMs },
      'webhook',
    );
  };
};
