import * as z from 'zod';
import { id } from './values.ts';

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
    field: z
      .string()
      .optional()
      .meta({ description: 'The field or parameter at fault.', examples: ['webhookUrl'] }),
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
