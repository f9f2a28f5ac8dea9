import * as z from 'zod';
import type { Endpoint } from './endpoints.ts';
import { catcher, caughtList, ready } from './schemas_more.ts';

/** In the document, but not among the page's sections: for probes, and for trying out webhooks. */
export const moreEndpoints: Endpoint[] = [
  {
    id: 'getReady',
    method: 'GET',
    path: '/api/ready',
    access: 'public',
    summary: 'Is the service ready?',
    description: 'Readiness probe: the database answers and is up to date.',
    response: { status: 200, description: 'It can do its work.', schema: ready },
    errors: [429, 500, 503],
  },
  {
    id: 'openCatcher',
    method: 'POST',
    path: '/api/hooks',
    access: 'API key',
    summary: 'Open a webhook catcher',
    description:
      'An address of this service that keeps the webhooks sent to it for an hour, to try them out.',
    response: { status: 200, description: 'Submit a job with its url.', schema: catcher },
    errors: [404],
  },
  {
    id: 'listCaught',
    method: 'GET',
    path: '/api/hooks/:token',
    access: 'API key',
    summary: 'What a catcher received',
    description: 'The webhooks that a catcher of yours received, headers and all.',
    parameters: [
      {
        in: 'path',
        schema: z.object({
          token: z.string().meta({ description: 'The token you got when you opened it.' }),
        }),
      },
    ],
    response: { status: 200, description: 'What came so far.', schema: caughtList },
    errors: [404],
  },
];
