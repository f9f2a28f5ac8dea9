import { maxFileSize } from '../upload/max_file.ts';

/** An error as callers see it: its status, its sentence (an example where it varies), and the remedy. */
export type ErrorCode = { status: number; message: string; remedy: string };

const entry = (status: number, message: string, remedy: string): ErrorCode => ({
  status,
  message,
  remedy,
});

/** Every error `code`. A test compares it with what the program and the SQL functions raise. */
export const errorCodes = {
  bad_request: entry(
    400,
    'This is not a valid HTTP request. Check its URL, headers and body framing.',
    'Use an HTTP client library; a hand-written request breaks the protocol somewhere.',
  ),
  two_api_keys: entry(
    400,
    'X-API-Key and Authorization: Bearer hold two different keys. Send your API key in one of them.',
    'Send the key once.',
  ),
  invalid_query: entry(
    400,
    'limit must be a whole number from 1 to 100.',
    'Correct the query parameter that field names.',
  ),
  unknown_parameter: entry(
    400,
    'There is no parameter "page". Did you mean cursor?',
    'Use the parameter that the sentence names, or leave it out.',
  ),
  invalid_idempotency_key: entry(
    400,
    'Idempotency-Key must be 1 to 255 visible ASCII characters.',
    'Send a UUID, or leave the header out.',
  ),
  not_multipart: entry(
    400,
    'Send the request as multipart/form-data, with the fields image and audio.',
    'Let your HTTP client build the form and set Content-Type itself.',
  ),
  malformed_multipart: entry(
    400,
    'The multipart/form-data body cannot be read: it ends before its closing boundary.',
    'Let your HTTP client build the form and set Content-Type itself, boundary included.',
  ),
  missing_field: entry(
    400,
    'The field "audio" is missing. Send it as a file.',
    'Send both image and audio.',
  ),
  repeated_field: entry(
    400,
    'The field "image" is there twice. Send it once.',
    'Send each field once.',
  ),
  unknown_field: entry(
    400,
    'There is no field "webhook_url". Did you mean webhookUrl?',
    'Use the name that the sentence gives.',
  ),
  unknown_file: entry(
    400,
    'The field "picture" is not known. Send files as image and audio.',
    'Name the files image and audio.',
  ),
  invalid_option: entry(
    400,
    'aspectRatio must be one of source, 16:9, 9:16, 1:1, 4:5; "3:2" is not.',
    'Correct the field that field names; blank fields count as not given.',
  ),
  invalid_captions: entry(
    400,
    'Line 7 of the captions: the cue ends before it begins. Correct its times.',
    'Correct the line that the sentence names.',
  ),
  not_a_file: entry(
    400,
    'The field "image" must be a file: a JPEG, PNG or WebP picture.',
    'Send the bytes of the file, not its name or path. With curl: -F image=@portrait.jpg.',
  ),
  empty_file: entry(
    400,
    'The file in the field "audio" is empty.',
    'Check that the file was read before it was sent.',
  ),
  not_text: entry(
    400,
    'The field "webhookUrl" must be text, not a file.',
    'Send the field as UTF-8 text.',
  ),
  field_too_long: entry(400, 'The text in the field "note" is too long.', 'Shorten the text.'),
  invalid_webhook_url: entry(
    400,
    'webhookUrl must be an absolute URL that starts with https://, without spaces.',
    'Give a public https:// URL without a user name or password.',
  ),
  invalid_json: entry(
    400,
    'The JSON body cannot be read: it is empty.',
    'Let your HTTP client write the JSON; send an object in UTF-8.',
  ),
  invalid_source_url: entry(
    400,
    'imageUrl must name a public host: private, loopback and link-local ones are refused.',
    'Give an absolute https:// or http:// URL of a public host, or upload the file.',
  ),
  both_file_and_url: entry(
    400,
    'Both image and imageUrl are given. Send the file or its address, not both.',
    'Send the file or its address.',
  ),
  fetch_urls_off: entry(
    400,
    'imageUrl is not offered by this service. Send the file itself.',
    'Upload the file as multipart/form-data.',
  ),
  upload_broken_off: entry(
    400,
    'The upload broke off before its end. Send it again.',
    'Send it again.',
  ),
  api_key_missing: entry(
    401,
    'Missing X-API-Key header. Send your API key in it.',
    'Send X-API-Key: YOUR_KEY, or Authorization: Bearer YOUR_KEY.',
  ),
  api_key_unknown: entry(
    401,
    'API key not recognized or deactivated. Check the X-API-Key header.',
    'Check the key for missing characters, or ask the operator for a new one.',
  ),
  ops_password_required: entry(
    401,
    'This page is for operators. Send OPS_PASSWORD by HTTP Basic, with any user name.',
    'Only operators of the service need it.',
  ),
  operator_role_missing: entry(
    503,
    'This process may not read what operators see. The operator must set OPS_DATABASE_URL to a login of the role vidgen_operator.',
    'Only operators of the service meet it, at /ops.',
  ),
  metrics_token_required: entry(
    401,
    'Send the METRICS_TOKEN as "Authorization: Bearer TOKEN".',
    'Configure your Prometheus with the token that the operator has set.',
  ),
  not_found: entry(
    404,
    'There is nothing at this path. See the documentation at /.',
    'Check the path; it has no slash at its end.',
  ),
  job_not_found: entry(
    404,
    'No such job, or it belongs to another API key.',
    'Use the jobId that your submission returned, and the same API key.',
  ),
  catcher_not_found: entry(
    404,
    'No such catcher, or its hour is over. Open one.',
    'Open a catcher with POST /api/hooks.',
  ),
  catcher_off: entry(
    404,
    'The webhook catcher is switched off here. Its operator can set WEBHOOK_CATCHER=on.',
    'Use a receiver of your own.',
  ),
  media_not_found: entry(
    404,
    'There is no video at this address.',
    'Use the address as outputVideo gives it.',
  ),
  asset_not_found: entry(404, 'There is no such part of the page.', 'Reload the page.'),
  video_not_found: entry(
    404,
    'url must be the share link of a video.',
    'Give the address in outputShareLink.',
  ),
  method_not_allowed: entry(
    405,
    'This path takes GET, HEAD, POST.',
    'Use one of the methods that the Allow header names.',
  ),
  request_timeout: entry(
    408,
    'The headers of the request took too long to arrive. Try again.',
    'Try again.',
  ),
  upload_too_slow: entry(
    408,
    'The upload stalled: no byte came for 30 seconds. Send it again.',
    'Send it again on a faster connection, or send smaller files.',
  ),
  idempotency_key_reused: entry(
    409,
    'This Idempotency-Key was sent before with other fields or files. Send a new key for a new job.',
    'Send a new key with each new submission, and the same only with the very same fields and files.',
  ),
  job_not_retryable: entry(
    409,
    'Only a FAILED or CANCELLED job can be retried; this one is COMPLETED.',
    'Wait for the job to end, or submit a new one.',
  ),
  inputs_gone: entry(
    409,
    'The files of this job are gone: they expired, or went to an earlier retry. Submit them again.',
    'Submit the files again as a new job.',
  ),
  active_job_exists: entry(
    409,
    'This API key already has an active job. Wait for it to finish, or cancel it while it is PENDING.',
    'Wait for the job in activeJobId to end, or cancel it.',
  ),
  job_not_cancellable: entry(
    409,
    'Only a PENDING job can be cancelled; this one is COMPLETED.',
    'Nothing needs doing when the job has ended. Cancel one that is PROCESSING with ?force=true.',
  ),
  no_video: entry(
    409,
    'Only a COMPLETED job has a video to delete; this one is PROCESSING.',
    'Wait until the job is COMPLETED, or cancel it with DELETE /api/jobs/:jobId.',
  ),
  job_not_ended: entry(
    409,
    'The webhook is sent when the job has ended; this one is PROCESSING.',
    'Wait until the job has ended.',
  ),
  upload_under_way: entry(
    409,
    'Another submission of this API key is being uploaded. Wait until it has arrived and its job has ended.',
    'Submit one job at a time with each API key.',
  ),
  no_webhook: entry(
    409,
    'This job was submitted without a webhookUrl, so there is nothing to send.',
    'Submit jobs with a webhookUrl.',
  ),
  media_gone: entry(
    410,
    'This video was removed: it had expired, or its owner deleted it.',
    'Submit the job again; keep videos that you need for longer yourself.',
  ),
  start_link_used: entry(
    410,
    'This link has been used. Paste your API key instead, or start the service again for a new link.',
    'Paste the API key that the service printed when it started.',
  ),
  catcher_closed: entry(
    410,
    'This address catches only webhooks of the API key it was opened with, for an hour.',
    'Open the catcher again with POST /api/hooks.',
  ),
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
} satisfies Record<string, ErrorCode>;

export type Code = keyof typeof errorCodes;
