import { Hono } from 'hono';
import { sql } from 'kysely';
import { jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { parseJobId } from './parse.ts';
import { sendJson } from './send_json.ts';

export const webhooks = new Hono<AppEnv>();

webhooks.get('/jobs/:jobId/webhooks', async (c) => {
  const jobId = await parseJobId(c);
  const { body } = await admit(c, {}, (key) => sql`api.list_deliveries(${key}, ${jobId})`);
  if (!body) throw jobNotFound();
  return sendJson(c, body);
});

webhooks.post('/jobs/:jobId/webhooks/redeliver', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId } = await admit(c);
  const queued = await c.var.db.first(
    sql<{ id: string }>`select api.redeliver_webhook(${apiKeyId}, ${jobId}) as id`,
  );
  return c.json({ message: 'Webhook queued for redelivery', jobId, webhookId: queued?.id }, 202);
});
