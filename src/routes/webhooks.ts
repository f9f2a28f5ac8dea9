import { Hono } from 'hono';
import { jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { call, calling } from '../postgres/call.ts';
import { parseJobId } from './parse.ts';
import { sendTagged } from './send_json.ts';

export const webhooks = new Hono<AppEnv>();

webhooks.get('/jobs/:jobId/webhooks', async (c) => {
  const jobId = await parseJobId(c);
  const { body } = await admit(c, {}, (key) =>
    calling('list_deliveries', { api_key_id: key, job_id: jobId }),
  );
  if (!body) throw jobNotFound();
  return sendTagged(c, body);
});

webhooks.post('/jobs/:jobId/webhooks/redeliver', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId } = await admit(c, { kind: 'redelivery' });
  const redelivery = { api_key_id: apiKeyId, job_id: jobId };
  const webhookId = await call(c.var.db, 'redeliver_webhook', redelivery);
  return c.json({ message: 'Webhook queued for redelivery', jobId, webhookId }, 202);
});
