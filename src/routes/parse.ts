import type { Context } from 'hono';
import type * as z from 'zod';
import { ApiError, jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { jobPath } from '../openapi/requests.ts';

/**
 * The query by its schema, or the 400 that names what is wrong in it. Unknown parameters are ignored;
 * one that is given twice is refused, because which of them counts would be a guess.
 */
export async function parseQuery<Schema extends z.ZodObject>(
  c: Context<AppEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const given = c.req.queries();
  const twice = Object.keys(schema.shape).find((name) => (given[name]?.length ?? 0) > 1);
  if (twice) return refuse(c, invalid(twice, `${twice} is given more than once. Give it once.`));
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(c, invalid(String(issue?.path[0]), issue?.message ?? 'The query is not valid.'));
}

const invalid = (field: string, message: string) =>
  new ApiError(400, 'invalid_query', message, { extra: { field } });

/** The id in the path; one that cannot be an id is the 404 of a job that does not exist. */
export async function parseJobId(c: Context<AppEnv>): Promise<string> {
  const parsed = jobPath.safeParse(c.req.param());
  return parsed.success ? parsed.data.jobId : refuse(c, jobNotFound());
}

/** Refuses a request for what it asks, after the limits and the key were seen to. */
export async function refuse(c: Context<AppEnv>, error: ApiError): Promise<never> {
  await admit(c);
  throw error;
}
