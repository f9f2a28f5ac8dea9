import * as z from 'zod';
import { type JobState, jobStates } from '../../jobs/job_state.ts';

// Every shape that travels over the API, defined once: the routes validate requests with these schemas,
// openapi.json and the page are generated from them, and the tests check every response against them.

export const exampleId = 'clxxxxx0000abcd1234efgh56';
export const exampleToken = '3q2-7wABAgMEBQYHCAkKCw';

/** Times are ISO 8601 UTC with milliseconds. */
export const time = (description: string) =>
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    .meta({ format: 'date-time', description, examples: ['2026-05-07T12:34:56.000Z'] });

export const id = z
  .string()
  .regex(/^c[a-z0-9]{24}$/)
  .meta({ description: 'Job id. Ids sort by creation time.', examples: [exampleId] });

export const statuses = Object.keys(jobStates) as JobState[];

export const jobState = z.enum(statuses).meta({
  description: Object.entries(jobStates)
    .map(([state, meaning]) => `\`${state}\` — ${meaning}.`)
    .join(' '),
});
