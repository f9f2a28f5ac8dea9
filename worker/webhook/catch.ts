import { call } from '../../src/postgres/call.ts';
import type { Db } from '../../src/postgres/db.ts';
import type { SentWebhook } from './send.ts';
import { type Webhook, webhookHeaders } from './sign.ts';

/** The end of every catcher's address; api.catch_webhook decides whether a catcher is open there. */
const mayBeCatcher = /\/hooks\/[\w-]{22}$/;

/**
 * Hands a webhook, signed like any other, directly to the catcher that its job's API key has open at the
 * address. Null when there is none: then it is sent over the network.
 */
export async function catchWebhook(
  db: Db,
  jobId: string,
  webhook: Webhook,
): Promise<SentWebhook | null> {
  if (!mayBeCatcher.test(webhook.url)) return null;
  const startedAt = new Date();
  const headers = webhookHeaders(webhook, startedAt);
  if (!(await call(db, 'catch_webhook', { job_id: jobId, headers }))) return null;
  return {
    durationMs: Date.now() - startedAt.getTime(),
    status: 200,
    errorClass: null,
    errorMessage: null,
    responseHead: '',
    retryAfterSeconds: null,
  };
}
