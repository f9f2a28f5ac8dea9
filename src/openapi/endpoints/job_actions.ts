import { queryErrors, retryErrors, updateErrors } from '../answered_errors.ts';
import { cancelQuery, jobPath, preferHeader } from '../requests.ts';
import { job } from '../schemas/job.ts';
import { jobCancelled, jobCreated, videoDeleted } from '../schemas/jobs.ts';
import { jobUpdate, retryOptions } from '../submission.ts';
import type { Endpoint } from './endpoint.ts';

/** What can be done with a job once it is submitted. */
export const jobActions: Endpoint[] = [
  {
    id: 'cancelJob',
    method: 'DELETE',
    path: '/api/jobs/:jobId',
    access: 'API key',
    summary: 'Cancel a job',
    description:
      'Cancel a job. Only works while the job is still in `PENDING` state — once a worker picks it up, it can no longer be cancelled, unless you pass `force=true`.',
    parameters: [
      { in: 'path', schema: jobPath },
      { in: 'query', schema: cancelQuery },
    ],
    response: { status: 200, description: 'Job cancelled.', schema: jobCancelled },
    errors: [...queryErrors, 'job_not_found', 'job_not_cancellable', 'disk_full'],
  },
  {
    id: 'updateJob',
    method: 'PATCH',
    path: '/api/jobs/:jobId',
    access: 'API key',
    summary: 'End sharing',
    description:
      'Decide until when the share page and the addresses of the video work. A time in the past ends it at once, a later one or `null` opens them again, until the video expires. Meanwhile they answer 410, and `outputVideo` and `outputShareLink` are null. It can be set before the video is ready. Copies in caches end at the time that they were told; if you set an earlier one, at most ten minutes after it.',
    parameters: [{ in: 'path', schema: jobPath }],
    json: jobUpdate,
    jsonRequired: true,
    response: {
      status: 200,
      description: 'The job, with its new `shareExpiresAt`.',
      schema: job,
    },
    errors: updateErrors,
  },
  {
    id: 'deleteVideo',
    method: 'DELETE',
    path: '/api/jobs/:jobId/video',
    access: 'API key',
    summary: 'Delete a video',
    description:
      'Take a finished video down before it expires: its file, poster, captions and share page are gone for everybody, and no longer count as stored. The job stays in your list without `outputVideo` and `outputShareLink`. Deleting it twice is no error. Copies in caches can live for ten more minutes.',
    parameters: [{ in: 'path', schema: jobPath }],
    response: { status: 200, description: 'Video deleted.', schema: videoDeleted },
    errors: ['job_not_found', 'no_video', 'disk_full'],
  },
  {
    id: 'retryJob',
    method: 'POST',
    path: '/api/jobs/:jobId/retry',
    access: 'API key',
    summary: 'Retry a job',
    description:
      'Make a `FAILED` or `CANCELLED` job again without uploading its files again. The response has the id of a new job; the old one stays as it is. You may send options (JSON, or a form) that replace those of the job; its other options, metadata and `webhookUrl` stay. The files move to the new job, so a job can be retried once, and only until they expire.',
    parameters: [
      { in: 'path', schema: jobPath },
      { in: 'header', schema: preferHeader },
    ],
    json: retryOptions,
    response: { status: 201, description: 'Job created and queued.', schema: jobCreated },
    errors: retryErrors,
  },
];
