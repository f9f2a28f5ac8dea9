import * as z from 'zod';
import { publicErrors } from './answered_errors.ts';
import { type Endpoint, unchanged } from './endpoints.ts';
import { catcher, caughtList, ready } from './operator_schemas.ts';

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
    errors: [...publicErrors, 'migrations_pending'],
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
          token: z
            .string()
            .meta({ description: 'The token returned when you opened the catcher.' }),
        }),
      },
    ],
    response: { status: 200, description: 'The webhooks received so far.', schema: caughtList },
    empty: unchanged,
    errors: ['catcher_not_found'],
  },
];
