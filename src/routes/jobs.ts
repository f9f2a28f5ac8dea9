import { Hono } from 'hono';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { cancelQuery, listQuery } from '../openapi/requests.ts';
import { call, calling } from '../postgres/call.ts';
import { createJob } from './create_job.ts';
import { metadataFilter } from './metadata_filter.ts';
import { parseJobId, parseQuery } from './parse.ts';
import { sendTagged } from './send_json.ts';

export const jobs = new Hono<AppEnv>();

jobs.post('/jobs', createJob);

jobs.get('/jobs', async (c) => {
  const query = await parseQuery(c, listQuery);
  const { limit, cursor = null, status = null } = query;
  const onlyMetadata = await metadataFilter(c);
  const { body } = await admit(c, {}, (key) =>
    calling('list_jobs', {
      api_key_id: key,
      page_size: limit,
      before_id: cursor,
      only_status: status,
      public_url: c.var.config.publicUrl,
      only_metadata: onlyMetadata,
    }),
  );
  return sendTagged(c, body ?? '');
});

jobs.delete('/jobs/:jobId', async (c) => {
  const jobId = await parseJobId(c);
  const { force } = await parseQuery(c, cancelQuery);
  const { apiKeyId } = await admit(c);
  await call(c.var.db, 'cancel_job', {
    api_key_id: apiKeyId,
    job_id: jobId,
    force: force === 'true',
  });
  return c.json({ success: true, message: 'Job cancelled successfully' });
});

jobs.delete('/jobs/:jobId/video', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId } = await admit(c);
  await call(c.var.db, 'delete_video', { api_key_id: apiKeyId, job_id: jobId });
  return c.json({ success: true, message: 'Video deleted successfully' });
});
