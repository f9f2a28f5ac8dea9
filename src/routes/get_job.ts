import { Hono } from 'hono';
import { jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { calling } from '../postgres/call.ts';
import { parseJobId } from './parse.ts';
import { sendTagged } from './send_json.ts';

export const getJob = new Hono<AppEnv>();

getJob.get('/jobs/:jobId', async (c) => {
  const jobId = await parseJobId(c);
  const { publicUrl, keepVideosDays, keepJobsDays } = c.var.config;
  const { body } = await admit(c, {}, (key) =>
    calling('get_job', {
      api_key_id: key,
      job_id: jobId,
      public_url: publicUrl,
      keep_videos: `${Math.min(keepVideosDays, keepJobsDays)} days`,
    }),
  );
  if (!body) throw jobNotFound();
  return sendTagged(c, body);
});
