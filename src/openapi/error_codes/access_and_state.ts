import { entry } from './entry.ts';

/** Who asks, for what, and whether its state allows it: 401 to 410. */
export const accessAndState = {
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
};
