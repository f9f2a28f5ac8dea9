import type { ContentfulStatusCode } from 'hono/utils/http-status';

/**
 * An answer that is not a success. `code` is stable and snake_case, `message` is a sentence that tells the
 * caller what to do, and `extra` fields appear beside them in the body.
 */
export class ApiError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    more: {
      extra?: Record<string, unknown>;
      headers?: Record<string, string>;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** Where an error is explained. */
export const errorDocs = (publicUrl: string, code: string): string => `${publicUrl}/errors#${code}`;

/** Every 401 says how to authenticate (RFC 9110): the key is taken as a bearer token too. */
const challenge = 'Bearer realm="VidGen"';

/** Refusals of api.admit: it returns them as values, because raising would undo its counting. */
export const refusals = {
  rate_limited: () =>
    new ApiError(
      429,
      'rate_limited',
      'Rate limit exceeded. Wait for Retry-After seconds, then try again.',
    ),
  api_key_missing: () =>
    new ApiError(401, 'api_key_missing', 'Missing X-API-Key header. Send your API key in it.', {
      headers: { 'WWW-Authenticate': challenge },
    }),
  api_key_unknown: () =>
    new ApiError(
      401,
      'api_key_unknown',
      'API key not recognized or deactivated. Check the X-API-Key header.',
      { headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token"` } },
    ),
};

export const jobNotFound = () =>
  new ApiError(404, 'job_not_found', 'No such job, or it belongs to another API key.');

export const nothingHere = () =>
  new ApiError(404, 'not_found', 'There is nothing at this path. See the documentation at /.');

/** When the database may be back. */
export const retryAfterSeconds = 5;

export const databaseUnavailable = (cause?: unknown) =>
  new ApiError(
    500,
    'database_unavailable',
    'The service cannot reach its database. Try again shortly.',
    {
      headers: { 'Retry-After': String(retryAfterSeconds) },
      cause,
    },
  );

export const isDiskFull = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === '53100';

const diskFull = (cause: unknown) =>
  new ApiError(
    500,
    'disk_full',
    "The disk of the service's database is full, so nothing can be saved. Try again later.",
    { headers: { 'Retry-After': String(60) }, cause },
  );

// 25006: the server that answers has become read-only, until the address leads to the new one.
const lostConnection =
  /^(08|25006|57P0|CONNECTION_|CONNECT_TIMEOUT|ECONN|ENOTFOUND|EPIPE|EAI_AGAIN|ETIMEDOUT|EHOST|53300)/;

/**
 * The only mapping from a thrown error to an answer. SQL functions raise SQLSTATE `VGnnn` (nnn is the HTTP
 * status) with the sentence as message, the code as detail, and further fields as JSON in hint.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  // Raised by one of our SQL functions, whichever driver called it.
  if (error instanceof Error && typeof code === 'string' && /^VG[45]\d\d$/.test(code)) {
    const { detail = 'error', hint } = error as Error & { detail?: string; hint?: string };
    if (detail === 'api_key_unknown') return refusals.api_key_unknown();
    return new ApiError(Number(code.slice(2)) as ContentfulStatusCode, detail, error.message, {
      extra: hint ? JSON.parse(hint) : {},
      cause: error,
    });
  }
  // No row contains text that Postgres cannot store (such as a NUL in an address).
  if (code === '22021') return nothingHere();
  if (isDiskFull(error)) return diskFull(error);
  if (typeof code === 'string' && lostConnection.test(code)) return databaseUnavailable(error);
  return new ApiError(
    500,
    'internal_error',
    'Something went wrong on our side. Try again with backoff.',
    {
      cause: error,
    },
  );
}
