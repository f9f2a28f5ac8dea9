import { Hono } from 'hono';
import { sql } from 'kysely';
import { admitToRead, type Read } from '../admission.ts';
import type { AppEnv } from '../app.ts';
import { jobNotFound } from '../errors.ts';
import { sendJson } from './send_json.ts';

export const status = new Hono<AppEnv>();

const jobStatus: Read = (key, argument) =>
  sql`api.job_status(${key}, ${argument(0)}, ${argument(1)})`;

status.get('/status/:jobId', async (c) => {
  const { body } = await admitToRead(c, jobStatus, c.req.param('jobId'), c.var.config.publicUrl);
  if (!body) throw jobNotFound();
  return sendJson(c, body);
});
