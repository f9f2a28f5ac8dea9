import { maxFileSize } from '../upload/max_file.ts';
import { accessAndState } from './error_codes/access_and_state.ts';
import { badRequest } from './error_codes/bad_request.ts';
import type { ErrorCode } from './error_codes/entry.ts';
import { limitsAndFailures } from './error_codes/limits_and_failures.ts';

/** Every error `code`. A test compares it with what the program and the SQL functions raise. */
export const errorCodes = {
  ...badRequest,
  ...accessAndState,
  ...limitsAndFailures,
} satisfies Record<string, ErrorCode>;

export type Code = keyof typeof errorCodes;

/** What each error status means. There are two kinds of 401; see `code`. */
export const errorMeanings = {
  400: 'Bad request — missing field, malformed body, invalid query parameter, or invalid webhookUrl.',
  401: 'Missing X-API-Key header, or API key not recognized or deactivated.',
  404: "The requested job doesn't exist or doesn't belong to you.",
  408: 'The upload stalled or was too slow.',
  409: "You already have an active job, or the job isn't in a cancellable state (or can't be retried, or has no webhook to redeliver).",
  413: `Uploaded file exceeded ${maxFileSize}.`,
  415: "Uploaded file's MIME type isn't supported.",
  429: 'Rate limit exceeded — slow down.',
  500: 'Server error. Retry with exponential backoff.',
  503: "The service isn't ready yet.",
} as const;
