import { Hono } from 'hono';
import { sql } from 'kysely';
import { z } from 'zod';
import { admit } from '../admission.ts';
import type { AppEnv } from '../app.ts';
import { ApiError } from '../errors.ts';
import { sendJson } from './send_json.ts';
import { submit } from './submit.ts';

export const jobs = new Hono<AppEnv>();

jobs.post('/jobs', submit);

const listQuery = z.object({
  limit: z.coerce
    .number({ error: 'limit must be a whole number from 1 to 100.' })
    .int('limit must be a whole number from 1 to 100.')
    .min(1, 'limit must be a whole number from 1 to 100.')
    .max(100, 'limit must be a whole number from 1 to 100.')
    .default(20),
  cursor: z
    .string()
    .regex(
      /^c[a-z0-9]{24}$/,
      'cursor must be the nextCursor of the page before. Omit it for the first page.',
    )
    .optional(),
  status: z
    .enum(['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'], {
      error: 'status must be one of PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED.',
    })
    .optional(),
});

jobs.get('/jobs', async (c) => {
  const parsed = listQuery.safeParse(c.req.query());
  if (!parsed.success) {
    await admit(c);
    throw new ApiError(
      400,
      'invalid_query',
      parsed.error.issues.map((issue) => issue.message).join(' '),
    );
  }
  const { limit, cursor = null, status = null } = parsed.data;
  const { body } = await admit(
    c,
    {},
    (key) => sql`api.list_jobs(${key}, ${limit}, ${cursor}, ${status}, ${c.var.config.publicUrl})`,
  );
  return sendJson(c, body ?? '');
});

jobs.delete('/jobs/:jobId', async (c) => {
  const { apiKeyId } = await admit(c);
  await c.var.db.run(sql`select api.cancel_job(${apiKeyId}, ${c.req.param('jobId')})`);
  return c.json({ success: true, message: 'Job cancelled successfully' });
});
