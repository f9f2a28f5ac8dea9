import { Hono } from 'hono';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { nearMiss } from '../http/near_miss.ts';
import { call } from '../postgres/call.ts';
import { fieldNames } from '../upload/fields.ts';
import { optionFields, readOptions, refuseNearMiss } from '../upload/option_fields.ts';
import { readFields } from '../upload/read_fields.ts';
import { refusalOf } from '../upload/refusals.ts';
import { neededRenderer } from '../video_options.ts';
import { created } from './create_job.ts';
import { parseJobId } from './parse.ts';

export const retryJob = new Hono<AppEnv>();

retryJob.post('/jobs/:jobId/retry', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId } = await admit(c, { kind: 'submission' });
  const fields = await readFields(c.env.incoming, c.req.raw.signal);
  for (const [name, value] of Object.entries(fields)) {
    refuseNearMiss(name);
    if (String(value ?? '').trim() !== '') refuseKept(name);
  }
  const { options, metadata } = readOptions(fields);
  const newId = await call(c.var.db, 'retry_job', {
    api_key_id: apiKeyId,
    job_id: jobId,
    options,
    metadata,
    needs_renderer: neededRenderer(options, false),
  });
  c.var.log.info({ ...c.var.ids, jobId: newId, retryOf: jobId }, 'job created');
  return created(c, apiKeyId, { jobId: newId, replayed: false });
});

/** What a new job has and a retry takes over: given anew, it would be ignored. */
const kept = fieldNames.filter((name) => !optionFields.includes(name));

function refuseKept(name: string): void {
  if (optionFields.includes(name) || !nearMiss(name, kept)) return;
  const message = `A retry keeps the files and the webhookUrl of its job, so "${name}" cannot be given. Leave it out, or submit a new job.`;
  throw refusalOf(name, 'unknown_field', message);
}
