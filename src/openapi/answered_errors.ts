import { type Code, errorCodes } from './error_codes.ts';

// Which errors which operation may answer. The tests hold every error that they see against these lists.

/** Of every operation but the health check. */
export const publicErrors: Code[] = ['rate_limited', 'internal_error', 'database_unavailable'];

const keyErrors: Code[] = ['two_api_keys', 'api_key_missing', 'api_key_unknown', ...publicErrors];

/** Of requests that never reach an operation, whatever they ask for. */
export const protocolErrors: Code[] = [
  'bad_request',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'url_too_long',
  'expectation_failed',
  'headers_too_large',
];

export const queryErrors: Code[] = ['invalid_query', 'unknown_parameter'];

/** Of bodies with options, in any form. */
const optionErrors: Code[] = [
  'malformed_multipart',
  'invalid_json',
  'repeated_field',
  'unknown_field',
  'invalid_option',
  'not_text',
  'upload_broken_off',
  'upload_too_slow',
  'body_too_large',
  'unsupported_media_type',
  'active_job_exists',
  'disk_full',
];

export const submissionErrors: Code[] = [
  ...optionErrors,
  'unknown_parameter',
  'invalid_idempotency_key',
  'not_multipart',
  'missing_field',
  'unknown_file',
  'invalid_captions',
  'not_a_file',
  'empty_file',
  'field_too_long',
  'invalid_webhook_url',
  'invalid_source_url',
  'both_file_and_url',
  'fetch_urls_off',
  'upload_under_way',
  'idempotency_key_reused',
  'file_too_large',
  'storage_quota_exceeded',
  'raw_body',
  'unsupported_encoding',
  'too_many_uploads',
  'storage_unavailable',
  'storage_full',
  'upload_lost',
];

export const retryErrors: Code[] = [
  ...optionErrors,
  'job_not_found',
  'job_not_retryable',
  'inputs_gone',
];

/** All errors that an operation may answer, by their status, in the order of the table of codes. */
export function errorsOf(endpoint: { access: 'public' | 'API key'; errors: Code[] }) {
  const answered = new Set<string>([
    ...endpoint.errors,
    ...(endpoint.access === 'public' ? [] : keyErrors),
  ]);
  const found = new Map<number, Code[]>();
  for (const [code, { status }] of Object.entries(errorCodes))
    if (answered.has(code)) found.set(status, [...(found.get(status) ?? []), code as Code]);
  return found;
}

export const updateErrors: Code[] = [
  ...optionErrors.filter((code) => code !== 'active_job_exists'),
  'missing_field',
  'job_not_found',
  'no_video',
];
