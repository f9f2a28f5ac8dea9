import * as z from 'zod';
import { id, time } from './schemas.ts';

// What is not of the main line: readiness, and the catcher for trying out webhooks.

export const ready = z
  .strictObject({ status: z.literal('ready') })
  .meta({ examples: [{ status: 'ready' }] });

export const catcher = z.strictObject({
  url: z.url().meta({ description: 'The webhookUrl to submit jobs with.' }),
  token: z.string(),
  expiresAt: time('An hour after it was last opened.'),
});

export const caughtList = z.strictObject({
  url: z.url(),
  expiresAt: time('An hour after it was last opened.'),
  webhooks: z
    .array(
      z.strictObject({
        jobId: id,
        receivedAt: time('When it was caught.'),
        headers: z.record(z.string(), z.string()),
        body: z.string().meta({ description: 'The raw body, as it was signed.' }),
      }),
    )
    .meta({ description: 'Newest first.' }),
});
