import { type Context, Hono } from 'hono';
import { jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { calling } from '../postgres/call.ts';
import { parseJobId } from './parse.ts';
import { sendTagged } from './send_json.ts';

export const getJob = new Hono<AppEnv>();

getJob.get('/jobs/:jobId', async (c) => {
  const jobId = await parseJobId(c);
  const { body } = await admit(c, {}, (key) => calling('get_job', jobAsked(c, key, jobId)));
  if (!body) throw jobNotFound();
  return sendTagged(c, body);
});

/** What `get_job` needs to show a job. */
export function jobAsked<Key>(c: Context<AppEnv>, apiKeyId: Key, jobId: string) {
  const { publicUrl, keepVideosDays, keepJobsDays } = c.var.config;
  return {
    api_key_id: apiKeyId,
    job_id: jobId,
    public_url: publicUrl,
    keep_videos: `${Math.min(keepVideosDays, keepJobsDays)} days`,
  };
}
