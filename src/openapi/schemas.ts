import * as z from 'zod';
import { type JobState, jobStates } from '../jobs/job_state.ts';
import { metadata } from '../video_options.ts';

// Every shape that travels over the API, defined once: the routes validate requests with these schemas,
// openapi.json and the page are generated from them, and the tests check every response against them.

export const exampleId = 'clxxxxx0000abcd1234efgh56';
export const exampleToken = '3q2-7wABAgMEBQYHCAkKCw';
const created = '2026-05-07T12:34:56.000Z';

/** Times are ISO 8601 UTC with milliseconds. */
export const time = (description: string) =>
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    .meta({ format: 'date-time', description });

export const id = z
  .string()
  .regex(/^c[a-z0-9]{24}$/)
  .meta({ description: 'Job id. Ids sort by creation time.', examples: [exampleId] });

export const statuses = Object.keys(jobStates) as JobState[];

export const jobState = z.enum(statuses).meta({
  description: Object.entries(jobStates)
    .map(([state, meaning]) => `\`${state}\` — ${meaning}.`)
    .join(' '),
});

const outputs = {
  outputVideo: z.url().nullable().meta({
    description:
      'URL of the finished video, ending in `/video.mp4`. Null until `COMPLETED`, and again when the video has expired.',
  }),
  outputShareLink: z.url().nullable().meta({
    description:
      'URL of a share page with a player. Null until `COMPLETED`, and again when the video has expired.',
  }),
  errorMessage: z
    .string()
    .nullable()
    .meta({ description: 'Why the job `FAILED` and what to do about it; otherwise null.' }),
};
const times = {
  createdAt: time('When the job was created.'),
  updatedAt: time('When its status or progress last changed.'),
};

/** The response of the status endpoint, each event of a stream, and the body of a webhook. */
export const jobStatus = z
  .strictObject({
    jobId: id,
    status: jobState,
    progress: z.int().min(0).max(100).meta({
      description:
        'Percentage: 0 while `PENDING`, an estimate while `PROCESSING`, 100 when `COMPLETED`.',
    }),
    ...outputs,
    ...times,
    metadata,
  })
  .meta({
    examples: [
      {
        jobId: exampleId,
        status: 'PROCESSING',
        progress: 62,
        outputVideo: null,
        outputShareLink: null,
        errorMessage: null,
        createdAt: created,
        updatedAt: '2026-05-07T12:36:08.000Z',
      },
    ],
  });

export const listedJob = z.strictObject({
  id,
  status: jobState,
  ...outputs,
  retries: z.int().min(0).meta({ description: 'Number of attempts after the first.' }),
  ...times,
  webhookUrl: z
    .url()
    .nullable()
    .meta({ description: 'The `webhookUrl` the job was submitted with.' }),
  metadata,
});

export const jobList = z
  .strictObject({
    jobs: z.array(listedJob).meta({ description: 'Newest first.' }),
    pagination: z.strictObject({
      limit: z.int().min(1).max(100),
      nextCursor: id.nullable().meta({ description: 'Null on the last page.' }),
      hasNextPage: z.boolean(),
    }),
  })
  .meta({
    examples: [
      {
        jobs: [
          {
            id: exampleId,
            status: 'COMPLETED',
            outputVideo: `https://example.com/media/${exampleToken}/video.mp4`,
            outputShareLink: `https://example.com/share/${exampleToken}`,
            errorMessage: null,
            retries: 0,
            createdAt: created,
            updatedAt: '2026-05-07T12:38:11.000Z',
            webhookUrl: null,
          },
        ],
        pagination: { limit: 20, nextCursor: 'clxxxxx0001abcd1234efgh56', hasNextPage: true },
      },
    ],
  });

export const health = z
  .strictObject({ status: z.literal('ok') })
  .meta({ examples: [{ status: 'ok' }] });

export const jobCreated = z
  .strictObject({
    message: z.literal('Job created'),
    // With "Prefer: wait=N" the status stands beside it.
    ...jobStatus.partial().shape,
    jobId: id,
  })
  .meta({ examples: [{ message: 'Job created', jobId: exampleId }] });

export const jobCancelled = z
  .strictObject({ success: z.literal(true), message: z.literal('Job cancelled successfully') })
  .meta({ examples: [{ success: true, message: 'Job cancelled successfully' }] });

export const videoDeleted = z
  .strictObject({ success: z.literal(true), message: z.literal('Video deleted successfully') })
  .meta({ examples: [{ success: true, message: 'Video deleted successfully' }] });

const messageId = z
  .string()
  .regex(/^msg_c[a-z0-9]{24}$/)
  .meta({ description: 'Value of the `webhook-id` header; the same for every attempt.' });
const exampleMessageId = `msg_${exampleId}`;

const delivery = z.strictObject({
  attempt: z.int().min(1),
  startedAt: time('When the attempt started.'),
  durationMs: z
    .int()
    .min(0)
    .nullable()
    .meta({ description: 'Duration in milliseconds; null while the attempt is in progress.' }),
  responseStatus: z
    .int()
    .nullable()
    .meta({ description: 'HTTP status your endpoint returned; null if there was no response.' }),
  errorClass: z
    .enum([
      'dns',
      'refused',
      'tls',
      'timeout',
      'reset',
      'blocked',
      'status',
      'secret',
      'interrupted',
    ])
    .nullable()
    .meta({ description: 'Why the attempt failed; null if it succeeded.' }),
  errorMessage: z.string().nullable().meta({ description: 'The same, in words.' }),
  responseBody: z.string().nullable().meta({
    description: 'Start of the response body, up to 4 KiB; null if the attempt succeeded.',
  }),
});

export const webhookDeliveries = z
  .strictObject({
    jobId: id,
    webhookUrl: z
      .url()
      .nullable()
      .meta({ description: 'The `webhookUrl` the job was submitted with.' }),
    webhookId: messageId.nullable(),
    status: z.enum(['pending', 'delivered', 'abandoned']).nullable().meta({
      description:
        '`pending` — another attempt is due. `delivered` — your endpoint returned `2xx`. `abandoned` — the last attempt failed, or your endpoint returned 410. Null until the job finishes, and if it sends no webhook.',
    }),
    nextAttemptAt: time('When the next attempt is due.').nullable(),
    deliveredAt: time('When your endpoint last returned `2xx`.').nullable(),
    deliveries: z.array(delivery).meta({ description: 'The last 100 attempts, newest first.' }),
  })
  .meta({
    examples: [
      {
        jobId: exampleId,
        webhookUrl: 'https://your.app/hooks/vidgen',
        webhookId: exampleMessageId,
        status: 'delivered',
        nextAttemptAt: null,
        deliveredAt: '2026-05-07T12:38:17.000Z',
        deliveries: [
          {
            attempt: 2,
            startedAt: '2026-05-07T12:38:16.840Z',
            durationMs: 160,
            responseStatus: 200,
            errorClass: null,
            errorMessage: null,
            responseBody: null,
          },
          {
            attempt: 1,
            startedAt: '2026-05-07T12:38:11.120Z',
            durationMs: 41,
            responseStatus: null,
            errorClass: 'refused',
            errorMessage: 'Could not connect to the receiver (ECONNREFUSED).',
            responseBody: '',
          },
        ],
      },
    ],
  });

export const webhookRequeued = z
  .strictObject({
    message: z.literal('Webhook queued for redelivery'),
    jobId: id,
    webhookId: messageId,
  })
  .meta({
    examples: [
      {
        message: 'Webhook queued for redelivery',
        jobId: exampleId,
        webhookId: exampleMessageId,
      },
    ],
  });

export const exampleRequestId = '5f0c1a52-6c1e-4f0b-9d0a-8f5a2e1c7b34';

export const errorBody = z
  .strictObject({
    error: z
      .string()
      .min(1)
      .meta({ description: 'Describes the problem and what to do about it.' }),
    code: z
      .string()
      .regex(/^[a-z]+(_[a-z]+)*$/)
      .meta({ description: 'Stable, machine-readable code for the problem, in snake_case.' }),
    requestId: z.string().meta({ description: 'The `X-Request-Id` of this response.' }),
    activeJobId: id
      .optional()
      .meta({ description: 'With `active_job_exists`: the job that is still active.' }),
    field: z.string().optional().meta({ description: 'The field or parameter at fault.' }),
    docs: z.url().optional().meta({ description: 'Where this code is explained.' }),
  })
  .meta({
    examples: [
      {
        error: 'Missing X-API-Key header. Send your API key in it.',
        code: 'api_key_missing',
        requestId: exampleRequestId,
        docs: 'https://example.com/errors#api_key_missing',
      },
    ],
  });
