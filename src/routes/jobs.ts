import { Hono } from 'hono';
import { sql } from 'kysely';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { listQuery } from '../openapi/requests.ts';
import { parseJobId, parseQuery } from './parse.ts';
import { sendJson } from './send_json.ts';
import { submit } from './submit.ts';

export const jobs = new Hono<AppEnv>();

jobs.post('/jobs', submit);

jobs.get('/jobs', async (c) => {
  const query = await parseQuery(c, listQuery);
  const { limit, cursor = null, status = null } = query;
  const { body } = await admit(
    c,
    {},
    (key) => sql`api.list_jobs(${key}, ${limit}, ${cursor}, ${status}, ${c.var.config.publicUrl})`,
  );
  return sendJson(c, body ?? '');
});

jobs.delete('/jobs/:jobId', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId } = await admit(c);
  await c.var.db.run(sql`select api.cancel_job(${apiKeyId}, ${jobId})`);
  return c.json({ success: true, message: 'Job cancelled successfully' });
});
