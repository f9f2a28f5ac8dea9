import * as z from 'zod';
import type { Endpoint } from './endpoints.ts';
import { id, time } from './schemas.ts';

export const ready = z
  .strictObject({ status: z.literal('ready') })
  .meta({ examples: [{ status: 'ready' }] });

export const catcher = z.strictObject({
  url: z.url().meta({ description: 'Use this as the `webhookUrl` of your jobs.' }),
  token: z.string(),
  expiresAt: time('One hour after the catcher was last opened.'),
});

export const caughtList = z.strictObject({
  url: z.url(),
  expiresAt: time('One hour after the catcher was last opened.'),
  webhooks: z
    .array(
      z.strictObject({
        jobId: id,
        receivedAt: time('When the webhook was received.'),
        headers: z.record(z.string(), z.string()),
        body: z.string().meta({ description: 'The raw body, exactly as signed.' }),
      }),
    )
    .meta({ description: 'Newest first.' }),
});

/** In the document, but not among the page's sections: for probes, and for trying out webhooks. */
export const moreEndpoints: Endpoint[] = [
  {
    id: 'getReady',
    method: 'GET',
    path: '/api/ready',
    access: 'public',
    summary: 'Readiness check',
    description:
      'Readiness probe. Returns `200 OK` when the database is reachable and its schema is up to date. No authentication required.',
    response: { status: 200, description: 'The service is ready.', schema: ready },
    errors: [429, 500, 503],
  },
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
    errors: [404],
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
          token: z
            .string()
            .meta({ description: 'The token returned when you opened the catcher.' }),
        }),
      },
    ],
    response: { status: 200, description: 'The webhooks received so far.', schema: caughtList },
    errors: [404],
  },
];
