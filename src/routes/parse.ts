import type { Context } from 'hono';
import type * as z from 'zod';
import { ApiError, jobNotFound } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { bareName, nearMiss } from '../http/near_miss.ts';
import { jobPath } from '../openapi/requests.ts';

/**
 * Parses the query with its schema, or throws the 400 that names the error. A blank parameter counts as not
 * given. Unknown ones are ignored, unless one is almost the name of a known one. A repeated parameter is
 * refused, because choosing one of its values would be a guess.
 */
export async function parseQuery<Schema extends z.ZodObject>(
  c: Context<AppEnv>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const names = Object.keys(schema.shape);
  const given: Record<string, string> = {};
  for (const [name, values] of Object.entries(c.req.queries())) {
    const [value, another] = values.map((text) => text.trim()).filter(Boolean);
    if (value === undefined) continue;
    if (!names.includes(name)) {
      const meant = otherNames[bareName(name)] ?? nearMiss(name, names);
      if (meant && names.includes(meant)) return refuseAdmitted(c, didYouMean(name, meant));
    } else if (another === undefined) given[name] = value;
    else return refuseAdmitted(c, invalid(name, `${name} is given more than once. Give it once.`));
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuseAdmitted(
    c,
    invalid(String(issue?.path[0]), issue?.message ?? 'The query is not valid.'),
  );
}

/** Names that other services use for our parameters. */
const otherNames: Record<string, string> = {
  page: 'cursor',
  offset: 'cursor',
  after: 'cursor',
  startingafter: 'cursor',
  pagetoken: 'cursor',
  nextcursor: 'cursor',
  perpage: 'limit',
  pagesize: 'limit',
  state: 'status',
  timeout: 'wait',
};

export const didYouMean = (name: string, meant: string) =>
  new ApiError(
    400,
    'unknown_parameter',
    `There is no parameter "${name}". Did you mean ${meant}?`,
    {
      extra: { field: name },
    },
  );

/** Refuses fields of the body that are in the query, where they would be ignored. */
export function refuseFieldsInQuery(c: Context<AppEnv>, fields: readonly string[]): void {
  for (const name of Object.keys(c.req.query())) {
    const meant = nearMiss(name, fields);
    if (!meant) continue;
    const message = `Send ${meant} as a field of the body: "${name}" in the query of the URL does nothing.`;
    throw new ApiError(400, 'unknown_parameter', message, { extra: { field: name } });
  }
}

const invalid = (field: string, message: string) =>
  new ApiError(400, 'invalid_query', message, { extra: { field } });

/** The id in the path; a malformed one is the same 404 as that of a job that does not exist. */
export async function parseJobId(c: Context<AppEnv>): Promise<string> {
  const parsed = jobPath.safeParse(c.req.param());
  return parsed.success ? parsed.data.jobId : refuseAdmitted(c, jobNotFound());
}

/** Refuses a request for its content, after the limits and the key were checked. */
export async function refuseAdmitted(c: Context<AppEnv>, error: ApiError): Promise<never> {
  await admit(c);
  throw error;
}
