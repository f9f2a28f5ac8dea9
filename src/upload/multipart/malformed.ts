import { ApiError } from '../../errors.ts';

/** The error for a body that violates the grammar; `why` completes the sentence. */
export function malformed(why: string): ApiError {
  return new ApiError(
    400,
    'malformed_multipart',
    `The multipart/form-data body cannot be read: ${why}.`,
  );
}
