import { Hono } from 'hono';
import { sql } from 'kysely';
import { admit } from '../admission.ts';
import type { AppEnv } from '../app.ts';
import { jobNotFound } from '../errors.ts';
import { sendJson } from './send_json.ts';

export const status = new Hono<AppEnv>();

status.get('/status/:jobId', async (c) => {
  const jobId = c.req.param('jobId');
  const { body } = await admit(
    c,
    {},
    (key) => sql`api.job_status(${key}, ${jobId}, ${c.var.config.publicUrl})`,
  );
  if (!body) throw jobNotFound();
  return sendJson(c, body);
});
