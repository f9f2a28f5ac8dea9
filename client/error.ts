import type { ErrorCode } from './api.types.ts';

/** Errors that arise on this side, in addition to the codes of the service. */
export type ClientErrorCode =
  | 'download_failed'
  | 'file_unreadable'
  | 'invalid_api_key'
  | 'invalid_signature'
  | 'invalid_url'
  | 'job_cancelled'
  | 'job_failed'
  | 'unexpected_response'
  | 'unreachable';

type Details = {
  /** HTTP status, if the service answered. */
  status?: number;
  /** Names the request in the service's log. */
  requestId?: string;
  /** The field or parameter at fault. */
  field?: string;
  /** With active_job_exists: the job that is still active. */
  activeJobId?: string;
  /** With job_failed and job_cancelled. */
  jobId?: string;
  /** Seconds to wait before trying again. */
  retryAfter?: number;
};

/** Whatever goes wrong: `message` is a sentence that says what to do, `code` is stable. */
export class VidgenError extends Error {
  override readonly name = 'VidgenError';
  readonly code: ErrorCode | ClientErrorCode;
  readonly status?: number;
  readonly requestId?: string;
  readonly field?: string;
  readonly activeJobId?: string;
  readonly jobId?: string;
  readonly retryAfter?: number;

  constructor(
    code: ErrorCode | ClientErrorCode,
    message: string,
    details: Details & { cause?: unknown } = {},
  ) {
    const { cause, ...rest } = details;
    super(message, { cause });
    this.code = code;
    Object.assign(this, rest);
  }
}

/** Turns an answer that is not a success into an error; reads its body. */
export async function errorOf(response: Response): Promise<VidgenError> {
  const { status } = response;
  const body = (await response.json().catch(() => undefined)) as
    | ({ error?: string; code?: ErrorCode } & Details)
    | undefined;
  const retryAfter = secondsOf(response.headers.get('Retry-After'));
  if (typeof body?.error !== 'string' || typeof body.code !== 'string') {
    const said = `${new URL(response.url).host} answered ${status}, and not as VidGen does.`;
    return new VidgenError('unexpected_response', `${said} Check the address.`, {
      status,
      retryAfter,
    });
  }
  const { error, code, requestId, field, activeJobId } = body;
  return new VidgenError(code, error, { status, retryAfter, requestId, field, activeJobId });
}

/** Retry-After is a number of seconds or a date. */
function secondsOf(header: string | null): number | undefined {
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
