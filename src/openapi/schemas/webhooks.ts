import * as z from 'zod';
import { exampleId, id, time } from './values.ts';

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
