import type { Task } from 'graphile-worker';
import { sql } from 'kysely';
import { deliveries } from '../../src/metrics.ts';
import type { WorkerDeps } from '../deps.ts';
import { untilAnswered } from '../until_answered.ts';
import { catchWebhook } from '../webhook/catch.ts';
import { nextAttemptIn } from '../webhook/schedule.ts';
import { sendWebhook } from '../webhook/send.ts';

type Delivery = {
  attempt: number;
  step: number;
  url: string;
  body: string;
  message_id: string;
  api_key_id: string;
  secrets: string[];
};

/** One attempt to deliver the message of an ended job; its record decides whether another follows. */
export const deliverWebhook = (deps: WorkerDeps): Task => {
  const { config, db, log, processId, vault } = deps;
  const transport = { allow: config.webhookAllowCidrs, proxyUrl: config.webhookProxyUrl };
  return async (payload) => {
    const { jobId } = payload as { jobId: string };
    const delivery = await db.first(
      sql<Delivery>`select * from api.begin_delivery(${jobId}, ${processId})`,
    );
    if (!delivery) return;
    const { attempt, step, url, body, message_id: id, api_key_id: owner } = delivery;
    const secrets = delivery.secrets.map((secret) => vault.open(secret, owner));
    const webhook = { url, id, body: Buffer.from(body), secrets };
    const sent =
      (await catchWebhook(db, jobId, webhook)) ?? (await sendWebhook(webhook, transport));
    const retryIn = nextAttemptIn(step, sent, config.webhookRetrySchedule);
    const recorded = await untilAnswered(deps, () =>
      db.first(sql<{ host: string | null }>`select api.record_delivery(${jobId}, ${attempt},
        ${sent.durationMs}, ${sent.status}, ${sent.errorClass}, ${sent.errorMessage},
        ${sent.responseHead}, ${retryIn}) as host`),
    );
    if (recorded?.host) await db.run(sql`select api.call_waiting(${recorded.host})`);
    deliveries.inc({ outcome: sent.errorClass ?? 'delivered' });
    log.info(
      { jobId, attempt, status: sent.status, errorClass: sent.errorClass, ms: sent.durationMs },
      'webhook',
    );
  };
};
