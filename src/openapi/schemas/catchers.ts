import * as z from 'zod';
import { exampleId, exampleToken, id, time } from './values.ts';

export const catcherToken = '3CeK9vYp0aXnTq5RZbW1Ls';
const exampleUrl = `https://example.com/hooks/${catcherToken}`;
const expiresAt = '2026-05-07T13:34:56.000Z';
const exampleBody = {
  jobId: exampleId,
  status: 'COMPLETED',
  progress: 100,
  outputVideo: `https://example.com/media/${exampleToken}/video.mp4`,
  outputShareLink: `https://example.com/share/${exampleToken}`,
  errorMessage: null,
  createdAt: '2026-05-07T12:34:56.000Z',
  updatedAt: '2026-05-07T12:38:11.000Z',
};

export const catcher = z
  .strictObject({
    url: z.url().meta({ description: 'Use this as the `webhookUrl` of your jobs.' }),
    token: z.string(),
    expiresAt: time('One hour after the catcher was last opened.'),
  })
  .meta({ examples: [{ url: exampleUrl, token: catcherToken, expiresAt }] });

export const caughtList = z
  .strictObject({
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
  })
  .meta({
    examples: [
      {
        url: exampleUrl,
        expiresAt,
        webhooks: [
          {
            jobId: exampleId,
            receivedAt: '2026-05-07T12:38:11.160Z',
            headers: { 'content-type': 'application/json', 'webhook-id': `msg_${exampleId}` },
            body: JSON.stringify(exampleBody),
          },
        ],
      },
    ],
  });
