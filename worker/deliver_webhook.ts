import type { Task } from 'graphile-worker';
import { sql } from 'kysely';
import { parseCidrs } from '../src/webhook_url.ts';
import type { WorkerDeps } from './tasks.ts';
import { nextAttemptIn } from './webhook/schedule.ts';
import { sendWebhook } from './webhook/send.ts';

type Delivery = {
  attempt: number;
  step: number;
  url: string;
  body: string;
  message_id: string;
  secrets: string[];
};

/** One attempt to deliver the message of an ended job; its record decides whether another follows. */
export const deliverWebhook = ({ config, db, log }: WorkerDeps): Task => {
  const transport = {
    allow: parseCidrs(config.webhookAllowCidrs.join(',')),
    proxyUrl: config.webhookProxyUrl,
  };
  return async (payload) => {
    const { jobId } = payload as { jobId: string };
    const delivery = await db.first(sql<Delivery>`select * from api.begin_delivery(${jobId})`);
    if (!delivery) return;
    const { attempt, step, url, body, message_id: id, secrets } = delivery;
    const sent = await sendWebhook({ url, id, body: Buffer.from(body), secrets }, transport);
    const retryIn = nextAttemptIn(step, sent, config.webhookRetrySchedule);
    await db.run(sql`select api.record_delivery(${jobId}, ${attempt}, ${sent.startedAt}, ${sent.durationMs},
      ${sent.status}, ${sent.errorClass}, ${sent.errorMessage}, ${sent.responseHead}, ${retryIn})`);
    log.info(
      { jobId, attempt, status: sent.status, errorClass: sent.errorClass, ms: sent.durationMs },
      'webhook',
    );
  };
};
