import { Hono } from 'hono';
import { ApiError, jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { nearMiss } from '../http/near_miss.ts';
import { jobUpdate } from '../openapi/submission.ts';
import { call } from '../postgres/call.ts';
import { readFields } from '../upload/read_fields.ts';
import { jobAsked } from './get_job.ts';
import { parseJobId } from './parse.ts';
import { sendJson } from './send_json.ts';

export const updateJob = new Hono<AppEnv>();

updateJob.patch('/jobs/:jobId', async (c) => {
  const jobId = await parseJobId(c);
  const { apiKeyId } = await admit(c);
  const fields = await readFields(c.env.incoming, c.req.raw.signal);
  await call(c.var.db, 'update_job', {
    api_key_id: apiKeyId,
    job_id: jobId,
    share_expires_at: shareExpiresAt(fields),
  });
  const job = await call(c.var.db, 'get_job', jobAsked(c, apiKeyId, jobId));
  if (!job) throw jobNotFound();
  return sendJson(c, job.body);
});

const name = 'shareExpiresAt';

/** Null: never. Unlike elsewhere, a field that is left out means nothing, so it must be there. */
function shareExpiresAt(fields: Record<string, unknown>): Date | null {
  for (const given of Object.keys(fields))
    if (given !== name && nearMiss(given, [name]))
      throw refused('unknown_field', `There is no field "${given}". Did you mean ${name}?`, given);
  const given = Object.hasOwn(fields, name) ? fields[name] : '';
  const value = typeof given === 'string' ? given.trim() : given;
  if (value === '')
    throw refused(
      'missing_field',
      `The field "${name}" is missing. Send a time, or null for never.`,
    );
  const parsed = jobUpdate.shape[name].safeParse(value);
  if (!parsed.success)
    throw refused(
      'invalid_option',
      `${name} must be a time with its zone from 1970 on, such as 2026-12-24T18:00:00Z, or null.`,
    );
  return parsed.data === null ? null : new Date(parsed.data);
}

const refused = (
  code: 'unknown_field' | 'missing_field' | 'invalid_option',
  message: string,
  field = name,
) => new ApiError(400, code, message, { extra: { field } });
