import * as z from 'zod';
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
