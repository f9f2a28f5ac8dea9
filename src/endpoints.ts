import type * as z from 'zod';
import {
  eventsHeaders,
  jobPath,
  listQuery,
  statusQuery,
  submissionForm,
  submissionHeaders,
} from './requests.ts';
import {
  health,
  jobCancelled,
  jobCreated,
  jobList,
  jobStatus,
  webhookDeliveries,
  webhookRequeued,
} from './schemas.ts';

export type Endpoint = {
  /** Names it in links, in the document and in generated clients. */
  id: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** As routes write it: /api/status/:jobId. */
  path: string;
  access: 'public' | 'API key';
  summary: string;
  description: string;
  parameters?: { in: 'path' | 'query' | 'header'; schema: z.ZodObject }[];
  /** multipart/form-data; `accept` are the media types of its files. */
  form?: { schema: z.ZodObject; accept: Record<string, string> };
  response: { status: 200 | 201 | 202; description: string; schema: z.ZodType; stream?: true };
  /** Statuses of errors besides those that every endpoint may give. */
  errors: (keyof typeof errorMeanings)[];
};

/** What each status of an error means. Two kinds of 401 exist; see `code`. */
export const errorMeanings = {
  400: 'Something in the request is missing or malformed; the message names it.',
  401: 'No X-API-Key header was sent, or its key is unknown or deactivated.',
  404: 'There is no such job among yours.',
  408: 'The upload stalled or was too slow.',
  409: 'Your key has an active job already, or the job is past cancelling.',
  413: 'A file is larger than 50 MB.',
  415: 'A file is of a type that is not accepted.',
  429: 'Too many requests in this minute; wait for Retry-After seconds.',
  500: 'A fault on our side. Try again, each time a little later.',
  503: 'The service is not ready yet.',
} as const;

export const endpoints: Endpoint[] = [
  {
    id: 'getHealth',
    method: 'GET',
    path: '/api/health',
    access: 'public',
    summary: 'Is the service up?',
    description:
      'Answers as long as the API process lives, whatever the database does. Needs no key.',
    response: { status: 200, description: 'The process is up.', schema: health },
    errors: [],
  },
  {
    id: 'createJob',
    method: 'POST',
    path: '/api/jobs',
    access: 'API key',
    summary: 'Submit a job',
    description:
      'Upload a picture and a sound file as multipart/form-data; the answer names the job that makes a video of them. With a webhookUrl you are told when it has ended.',
    parameters: [{ in: 'header', schema: submissionHeaders }],
    form: {
      schema: submissionForm,
      accept: {
        image: 'image/jpeg, image/png, image/webp',
        audio: 'audio/mpeg, audio/wav, audio/mp4, audio/ogg',
      },
    },
    response: { status: 201, description: 'The job is in the queue.', schema: jobCreated },
    errors: [400, 408, 409, 413, 415],
  },
  {
    id: 'listJobs',
    method: 'GET',
    path: '/api/jobs',
    access: 'API key',
    summary: 'List your jobs',
    description: 'Your jobs, the newest first, a page at a time.',
    parameters: [{ in: 'query', schema: listQuery }],
    response: { status: 200, description: 'A page of your jobs.', schema: jobList },
    errors: [400],
  },
  {
    id: 'getStatus',
    method: 'GET',
    path: '/api/status/:jobId',
    access: 'API key',
    summary: 'Status of a job',
    description:
      'How a job stands, and how far it is while it renders. With wait, the answer comes when something changes: no need to poll.',
    parameters: [
      { in: 'path', schema: jobPath },
      { in: 'query', schema: statusQuery },
    ],
    response: { status: 200, description: 'The job as it is now.', schema: jobStatus },
    errors: [400, 404],
  },
  {
    id: 'streamEvents',
    method: 'GET',
    path: '/api/jobs/:jobId/events',
    access: 'API key',
    summary: 'Live progress of a job',
    description:
      'Server-Sent Events: the present status at once, then each change of status or progress as it happens. The data of every event is the full status response. The stream ends after COMPLETED, FAILED or CANCELLED.',
    parameters: [
      { in: 'path', schema: jobPath },
      { in: 'header', schema: eventsHeaders },
    ],
    response: {
      status: 200,
      description: 'A stream; the data of each event is a job status.',
      schema: jobStatus,
      stream: true,
    },
    errors: [404],
  },
  {
    id: 'cancelJob',
    method: 'DELETE',
    path: '/api/jobs/:jobId',
    access: 'API key',
    summary: 'Cancel a job',
    description:
      'Takes a job back while it waits as PENDING. Once a worker has begun, it runs to its end.',
    parameters: [{ in: 'path', schema: jobPath }],
    response: { status: 200, description: 'The job is cancelled.', schema: jobCancelled },
    errors: [404, 409],
  },
  {
    id: 'listWebhooks',
    method: 'GET',
    path: '/api/jobs/:jobId/webhooks',
    access: 'API key',
    summary: 'How the webhook of a job fared',
    description:
      'Every attempt to deliver the webhook of a job: when, how long, and what your receiver answered.',
    parameters: [{ in: 'path', schema: jobPath }],
    response: {
      status: 200,
      description: 'The webhook and its attempts.',
      schema: webhookDeliveries,
    },
    errors: [404],
  },
  {
    id: 'redeliverWebhook',
    method: 'POST',
    path: '/api/jobs/:jobId/webhooks/redeliver',
    access: 'API key',
    summary: 'Send the webhook of a job again',
    description:
      'Sends the webhook of an ended job again at once: the same body under the same webhook-id. A failure is tried again like the first time.',
    parameters: [{ in: 'path', schema: jobPath }],
    response: { status: 202, description: 'The webhook is in the queue.', schema: webhookRequeued },
    errors: [404, 409],
  },
];

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
