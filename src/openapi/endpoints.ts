import type * as z from 'zod';
import { maxFileSize } from '../upload/max_file.ts';
import {
  publicErrors,
  queryErrors,
  retryErrors,
  submissionErrors,
  updateErrors,
} from './answered_errors.ts';
import type { Code } from './error_codes.ts';
import { job } from './job.ts';
import {
  cancelQuery,
  eventsHeaders,
  jobPath,
  jobUpdate,
  listQuery,
  preferHeader,
  retryOptions,
  statusQuery,
  submissionForm,
  submissionHeaders,
  submissionJson,
} from './requests.ts';
import {
  health,
  jobCancelled,
  jobCreated,
  jobList,
  jobStatus,
  videoDeleted,
  webhookDeliveries,
  webhookRequeued,
} from './schemas.ts';
import { targetList } from './targets.ts';

export type Endpoint = {
  /** The name in links, in the document and in generated clients. */
  id: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The path as routes write it: /api/status/:jobId. */
  path: string;
  access: 'public' | 'API key';
  summary: string;
  description: string;
  parameters?: { in: 'path' | 'query' | 'header'; schema: z.ZodObject }[];
  /** multipart/form-data; `accept` are the media types of its files. */
  form?: { schema: z.ZodObject; accept: Record<string, string>; json?: z.ZodObject };
  /** An optional JSON body; a form with the same fields works too. */
  json?: z.ZodObject;
  /** Its body is needed. */
  jsonRequired?: true;
  response: { status: 200 | 201 | 202; description: string; schema: z.ZodType; stream?: true };
  /** Further successes, without a body. */
  empty?: Partial<Record<204 | 304, string>>;
  /** The errors that it may answer, besides those of `errorsOf` (answered_errors.ts). */
  errors: Code[];
};

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

export const unchanged = {
  304: 'Nothing has changed since the response whose ETag If-None-Match holds.',
};

export const endpoints: Endpoint[] = [
  {
    id: 'getHealth',
    method: 'GET',
    path: '/api/health',
    access: 'public',
    summary: 'Health check',
    description:
      'Liveness probe. Returns `200 OK` when the API process is up. No authentication required.',
    response: { status: 200, description: 'The API process is up.', schema: health },
    errors: [],
  },
  {
    id: 'createJob',
    method: 'POST',
    path: '/api/jobs',
    access: 'API key',
    summary: 'Submit a job',
    description:
      'Submit a new video generation job. Send a `multipart/form-data` request with two files: an image and an audio track. Optionally include a `webhookUrl` to be notified when the job finishes.',
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
  {
    id: 'listDeliveries',
    method: 'GET',
    path: '/api/jobs/:jobId/webhooks',
    access: 'API key',
    summary: 'Webhook delivery log',
    description:
      "Every attempt to deliver a job's webhook: when it was sent, how long it took, and what your endpoint returned.",
    parameters: [{ in: 'path', schema: jobPath }],
    response: {
      status: 200,
      description: 'The webhook and its delivery attempts.',
      schema: webhookDeliveries,
    },
    empty: unchanged,
    errors: ['job_not_found'],
  },
  {
    id: 'redeliverWebhook',
    method: 'POST',
    path: '/api/jobs/:jobId/webhooks/redeliver',
    access: 'API key',
    summary: 'Redeliver a webhook',
    description:
      "Send a finished job's webhook again right away, with the same body and `webhook-id`. If delivery fails, it is retried like the first time.",
    parameters: [{ in: 'path', schema: jobPath }],
    response: {
      status: 202,
      description: 'Webhook queued for redelivery.',
      schema: webhookRequeued,
    },
    errors: ['job_not_found', 'job_not_ended', 'no_webhook', 'disk_full'],
  },
  {
    id: 'listTargets',
    method: 'GET',
    path: '/api/targets',
    access: 'public',
    summary: 'List targets',
    description:
      'The places that the option `target` knows: the options each sets, the rules that videos are checked against, and where each rule was read. No authentication required.',
    response: { status: 200, description: 'All targets.', schema: targetList },
    empty: unchanged,
    errors: publicErrors,
  },
];

/** The endpoint of an operation. Throws where there is none. */
export function endpointOf(id: string): Endpoint {
  const found = endpoints.find((endpoint) => endpoint.id === id);
  if (!found) throw new Error(`There is no endpoint ${id}.`);
  return found;
}

/** A row of a table of parameters or fields. */
export type Field = { name: string; required: boolean; type: string; description: string };

/** What a caller may send, as the page's tables show it. `type` is file, string, integer. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const json = field.toJSONSchema({ io: 'output' });
    return {
      name,
      required: !field.safeParse(undefined).success,
      type: json.format === 'binary' ? 'file' : (json.type ?? 'string'),
      description: json.description ?? '',
    };
  });
}

/** The example of a schema, as the page prints it. */
export const exampleOf = (schema: z.ZodType): unknown =>
  (schema.meta()?.examples as unknown[] | undefined)?.[0];
