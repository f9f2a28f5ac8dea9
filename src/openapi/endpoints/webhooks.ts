import * as z from 'zod';
import { jobPath } from '../requests.ts';
import { catcher, catcherToken, caughtList } from '../schemas/catchers.ts';
import { webhookDeliveries, webhookRequeued } from '../schemas/webhooks.ts';
import { type Endpoint, unchanged } from './endpoint.ts';

/** The deliveries of a job's webhook. */
export const webhooks: Endpoint[] = [
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
];

/** For trying out webhooks without a receiver. */
export const catchers: Endpoint[] = [
  {
    id: 'openCatcher',
    method: 'POST',
    path: '/api/hooks',
    access: 'API key',
    summary: 'Open a webhook catcher',
    description:
      'Get a temporary `webhookUrl` on this service. It catches the webhooks of your own jobs for an hour, so you can try them without a receiver.',
    response: {
      status: 200,
      description: 'The catcher. Submit a job with its url as the `webhookUrl`.',
      schema: catcher,
    },
    errors: ['catcher_off', 'disk_full'],
  },
  {
    id: 'listCaught',
    method: 'GET',
    path: '/api/hooks/:token',
    access: 'API key',
    summary: 'List caught webhooks',
    description: 'List the webhooks that one of your catchers received, including their headers.',
    parameters: [
      {
        in: 'path',
        schema: z.object({
          token: z.string().meta({
            description: 'The token returned when you opened the catcher.',
            examples: [catcherToken],
          }),
        }),
      },
    ],
    response: { status: 200, description: 'The webhooks received so far.', schema: caughtList },
    empty: unchanged,
    errors: ['catcher_not_found'],
  },
];
