import { queryErrors, submissionErrors } from '../answered_errors.ts';
import { eventsHeaders, jobPath, listQuery, statusQuery, submissionHeaders } from '../requests.ts';
import { job } from '../schemas/job.ts';
import { jobCreated, jobList, jobStatus } from '../schemas/jobs.ts';
import { submissionForm, submissionJson } from '../submission.ts';
import { type Endpoint, unchanged } from './endpoint.ts';

/** Submitting jobs and following them. */
export const jobs: Endpoint[] = [
  {
    id: 'createJob',
    method: 'POST',
    path: '/api/jobs',
    access: 'API key',
    summary: 'Submit a job',
    description:
      'Submit a new video generation job. Send a `multipart/form-data` request with two files: an image and an audio track. Optionally include a `webhookUrl` to be notified when the job finishes. Instead of a file you can send the address that it is fetched from, in the form or as JSON: `imageUrl`, `audioUrl`, `captionsUrl`.',
    parameters: [{ in: 'header', schema: submissionHeaders }],
    form: {
      json: submissionJson,
      schema: submissionForm,
      accept: {
        image: 'image/jpeg, image/png, image/webp',
        audio: 'audio/mpeg, audio/wav, audio/mp4, audio/ogg',
        captions: 'application/x-subrip, text/vtt, text/plain',
      },
    },
    response: { status: 201, description: 'Job created and queued.', schema: jobCreated },
    errors: submissionErrors,
  },
  {
    id: 'listJobs',
    method: 'GET',
    path: '/api/jobs',
    access: 'API key',
    summary: 'List your jobs',
    description:
      'List your jobs in reverse chronological order. Cursor-paginated. Filter by your own metadata with `metadata.KEY=VALUE`, such as `metadata.orderId=17`.',
    parameters: [{ in: 'query', schema: listQuery }],
    response: { status: 200, description: 'One page of your jobs.', schema: jobList },
    empty: unchanged,
    errors: queryErrors,
  },
  {
    id: 'getJobStatus',
    method: 'GET',
    path: '/api/status/:jobId',
    access: 'API key',
    summary: 'Get job status',
    description:
      'Fetch the current status of a single job, including progress (0–100) when actively processing. Pass `wait` to hold the response until the status changes.',
    parameters: [
      { in: 'path', schema: jobPath },
      { in: 'query', schema: statusQuery },
    ],
    response: { status: 200, description: 'The current status of the job.', schema: jobStatus },
    empty: unchanged,
    errors: [...queryErrors, 'job_not_found', 'too_many_streams'],
  },
  {
    id: 'getJob',
    method: 'GET',
    path: '/api/jobs/:jobId',
    access: 'API key',
    summary: 'Get a job',
    description:
      'The job as in the list, plus its options, its place in the queue and the time it still needs, its attempts, what was seen of your files, the finished video with its size and hash, warnings, the checks of its target, and links. The `Location` header of a new job leads here.',
    parameters: [{ in: 'path', schema: jobPath }],
    response: { status: 200, description: 'The job.', schema: job },
    empty: unchanged,
    errors: ['job_not_found'],
  },
  {
    id: 'streamEvents',
    method: 'GET',
    path: '/api/jobs/:jobId/events',
    access: 'API key',
    summary: 'Stream job events',
    description:
      'Follow a job live over Server-Sent Events: the current status first, then every change of status or progress as it happens. The data of each event is the full `/api/status/:jobId` response. The stream ends after `COMPLETED`, `FAILED` or `CANCELLED`.',
    parameters: [
      { in: 'path', schema: jobPath },
      { in: 'header', schema: eventsHeaders },
    ],
    response: {
      status: 200,
      description: 'A stream of events; the data of each is a job status.',
      schema: jobStatus,
      stream: true,
    },
    empty: {
      204: 'The job has ended and Last-Event-ID says that you have seen it: do not reconnect.',
    },
    errors: ['job_not_found', 'too_many_streams'],
  },
];
