import { maxFileSize } from '../../upload/max_file.ts';
import { entry } from './entry.ts';

/** What is too large, of the wrong type or too much, and what went wrong on our side: 413 to 503. */
export const limitsAndFailures = {
  file_too_large: entry(
    413,
    `The file in the field "audio" is larger than ${maxFileSize}.`,
    'Send a smaller file; sound in MP3 or M4A takes a tenth of WAV.',
  ),
  body_too_large: entry(
    413,
    `The request is too large: a file may be at most ${maxFileSize}.`,
    'Send smaller files.',
  ),
  storage_quota_exceeded: entry(
    413,
    'The storage of this API key has no room for these files. Delete videos or wait until they expire, or ask the operator for more.',
    'Delete videos with DELETE /api/jobs/:jobId/video, wait until they expire, or ask the operator for more room.',
  ),
  url_too_long: entry(414, 'The URL is too long. Shorten it.', 'Send less in the query.'),
  unsupported_media_type: entry(
    415,
    'The file in the field "image" is of an unsupported type. Send a JPEG, PNG or WebP picture.',
    'Convert the file; its bytes decide, not its name.',
  ),
  raw_body: entry(
    415,
    'The body is a file by itself. Send it as a field of multipart/form-data: the picture as image, the sound as audio (curl -F image=@portrait.jpg -F audio=@voiceover.mp3).',
    'Send a form with both files.',
  ),
  unsupported_encoding: entry(
    415,
    'Send the body as it is, without Content-Encoding.',
    'Switch off compression of requests in your client.',
  ),
  range_not_satisfiable: entry(
    416,
    'The range lies beyond the file, which has 1000000 bytes.',
    'Ask for a range within the file.',
  ),
  expectation_failed: entry(
    417,
    'The Expect header may only say 100-continue. Leave it out.',
    'Leave the Expect header out.',
  ),
  rate_limited: entry(
    429,
    'Rate limit exceeded. Wait for Retry-After seconds, then try again.',
    'Wait as long as Retry-After says; wait for jobs by webhook, events or ?wait= instead of polling.',
  ),
  too_many_streams: entry(
    429,
    'Your API key already has 20 streams and waits open. Close one, or poll GET /api/status/:jobId.',
    'Follow each job once; a webhook follows any number of jobs without a connection.',
  ),
  too_many_uploads: entry(
    429,
    'The service is receiving as many uploads as it can. Wait for Retry-After seconds, then try again.',
    'Wait as long as Retry-After says, then submit again.',
  ),
  headers_too_large: entry(
    431,
    'The headers of the request are too large. Send fewer or shorter ones.',
    'Send fewer cookies and headers.',
  ),
  internal_error: entry(
    500,
    'Something went wrong on our side. Try again with backoff.',
    'Try again with backoff; tell the operator the requestId if it persists.',
  ),
  database_unavailable: entry(
    500,
    'The service cannot reach its database. Try again shortly.',
    'Try again after Retry-After seconds.',
  ),
  storage_unavailable: entry(
    500,
    'The service cannot reach its storage. Try again shortly.',
    'Try again after Retry-After seconds.',
  ),
  disk_full: entry(
    500,
    "The disk of the service's database is full, so nothing can be saved. Try again later.",
    'Try again after Retry-After seconds; what is already there can be read.',
  ),
  storage_full: entry(
    500,
    'The storage of this service is full. Try again later.',
    'Try again later; tell the operator.',
  ),
  upload_lost: entry(500, 'The upload was lost on our side. Send it again.', 'Send it again.'),
  format_not_offered: entry(
    501,
    'Only format=json is offered.',
    'Leave format out, or set it to json.',
  ),
  migrations_pending: entry(
    503,
    'The database is not up to date. The operator must run "vidgen migrate".',
    'Try again in a minute: a new release is being installed.',
  ),
};
