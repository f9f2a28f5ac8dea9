import { Hono } from 'hono';
import type { z } from 'zod';
import { admit, admitToRead, type Read } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { cancelQuery, listQuery } from '../openapi/requests.ts';
import { call, calling } from '../postgres/call.ts';
import type { Metadata } from '../video_options.ts';
import { createJob } from './create_job.ts';
import { metadataFilter } from './metadata_filter.ts';
import { parseJobId, parseQuery } from './parse.ts';
import { sendTagged } from './send_json.ts';

export const jobs = new Hono<AppEnv>();

jobs.post('/jobs', createJob);

jobs.get('/jobs', async (c) => {
  const page = await parseQuery(c, listQuery);
  const onlyMetadata = await metadataFilter(c);
  const { body } = await admitToRead(c, listRead, { ...page, onlyMetadata });
  return sendTagged(c, body ?? '');
});

type Page = z.infer<typeof listQuery> & { onlyMetadata: Metadata | undefined };

const listRead: Read<Page> = {
  call: (keys, pages, { publicUrl }) =>
    calling('list_jobs', {
      api_key_ids: keys,
      page_sizes: pages.map(({ limit }) => limit),
      before_ids: pages.map(({ cursor = null }) => cursor),
      only_statuses: pages.map(({ status = null }) => status),
      only_metadata: pages.map(({ onlyMetadata = null }) => onlyMetadata),
      public_url: publicUrl,
      sends_once: true,
    }),
  sendsOnce: true,
};

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
