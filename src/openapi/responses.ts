import type * as z from 'zod';
import { errorDocs } from '../errors.ts';
import { errorsOf } from './answered_errors.ts';
import { reference } from './components.ts';
import { type Endpoint, exampleOf } from './endpoints/endpoint.ts';
import { type Code, errorCodes, errorMeanings } from './error_codes.ts';
import { errorBody, exampleRequestId } from './schemas/error.ts';

type Json = Record<string, unknown>;

/** The response of an operation that went well. */
export function success({
  id,
  empty,
  response: { status, schema, description, stream },
}: Endpoint): Json {
  const example = exampleOf(schema);
  const content = stream
    ? { 'text/event-stream': { schema: { type: 'string' }, example: eventExample(schema) } }
    : {
        'application/json': {
          schema: reference(schema),
          ...(example !== undefined && { example }),
        },
      };
  const created = status === 201 && { Location: header('Location') };
  const replayed = id === 'createJob' && {
    'Idempotent-Replayed': header('IdempotentReplayed'),
    'Preference-Applied': header('PreferenceApplied'),
  };
  const tagged = empty?.[304] && { ETag: header('ETag') };
  return { description, headers: { ...everyHeader, ...tagged, ...created, ...replayed }, content };
}

const eventExample = (schema: z.ZodType) => `id: 1\ndata: ${JSON.stringify(exampleOf(schema))}\n\n`;

export const header = (name: string) => ({ $ref: `#/components/headers/${name}` });

export const everyHeader = {
  'RateLimit-Limit': header('RateLimitLimit'),
  'RateLimit-Remaining': header('RateLimitRemaining'),
  'RateLimit-Reset': header('RateLimitReset'),
  'RateLimit-Policy': header('RateLimitPolicy'),
  'X-Request-Id': header('RequestId'),
};

/** What an operation answers that did not go well: each code of a status has its example. */
export const errorResponses = (endpoint: Endpoint): Json =>
  Object.fromEntries(
    [...errorsOf(endpoint)].map(([status, codes]) => [
      status,
      String(codes) === String(standardErrors.get(status))
        ? { $ref: `#/components/responses/Error${status}` }
        : errorResponse(status, codes),
    ]),
  );

/** The errors of an operation that has none of its own. */
const standardErrors = errorsOf({ access: 'API key', errors: [] });

export const standardResponses = (): Json =>
  Object.fromEntries(
    [...standardErrors].map(([status, codes]) => [`Error${status}`, errorResponse(status, codes)]),
  );

function errorResponse(status: number, codes: Code[]): Json {
  const retry = status >= 429 && { 'Retry-After': header('RetryAfter') };
  return {
    description: errorMeanings[status as keyof typeof errorMeanings],
    headers: { ...everyHeader, ...retry },
    content: {
      'application/json': {
        schema: reference(errorBody),
        // In place: mock servers do not follow references to examples.
        examples: Object.fromEntries(codes.map((code) => [code, exampleOfError(code)])),
      },
    },
  };
}

function exampleOfError(code: Code): Json {
  const { message, remedy } = errorCodes[code];
  const docs = errorDocs('https://example.com', code);
  return {
    summary: remedy,
    value: { error: message, code, requestId: exampleRequestId, docs },
  };
}
