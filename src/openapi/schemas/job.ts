import * as z from 'zod';
import { metadata, videoOptions } from '../../video_options.ts';
import { input, output } from './job_files.ts';
import { listedJob } from './jobs.ts';
import { exampleId, exampleToken, time } from './values.ts';

const check = z.strictObject({
  rule: z.string().meta({ description: 'What is checked, such as length or `fileSize`.' }),
  wanted: z.string().meta({ description: 'What the target asks for.' }),
  is: z.string().meta({ description: 'What the video has.' }),
  ok: z.boolean(),
  mend: z.string().nullable().meta({ description: 'What to do about it; null if ok.' }),
});

const link = z.url().nullable();
const links = z.strictObject({
  status: z.url(),
  events: z.url(),
  cancel: link.meta({ description: '`DELETE` it. Null once the job has ended.' }),
  retry: link.meta({
    description: '`POST` to it. Null unless `FAILED` or `CANCELLED`, and once its files are gone.',
  }),
  webhooks: link.meta({ description: 'The delivery log. Null without a `webhookUrl`.' }),
  share: link.meta({ description: 'The share page. Null until `COMPLETED`.' }),
  docs: z.url(),
});

/** The response of GET /api/jobs/:jobId. */
export const job = z
  .strictObject({
    ...listedJob.omit({ metadata: true }).shape,
    progress: z.int().min(0).max(100),
    options: videoOptions
      .partial()
      .meta({ description: 'The options that the job was submitted with, and no others.' }),
    queuePosition: z
      .int()
      .min(1)
      .nullable()
      .meta({ description: 'While `PENDING`: 1 is next. Otherwise null.' }),
    estimatedSecondsLeft: z.int().min(0).nullable().meta({
      description:
        'An estimate from similar jobs on this service. Null once the job has ended, and while there are too few of them.',
    }),
    attempts: z.array(
      z.strictObject({
        attempt: z.int().min(1),
        startedAt: time('When a worker began.'),
        endedAt: time('When it ended.').nullable(),
        outcome: z
          .enum(['completed', 'failed', 'cancelled', 'released', 'machine_failed', 'worker_died'])
          .nullable()
          .meta({ description: 'How it ended; null while it is under way.' }),
      }),
    ),
    fetches: z
      .array(
        z.strictObject({
          field: z.enum(['imageUrl', 'audioUrl', 'captionsUrl']),
          status: z.enum(['waiting', 'fetching', 'fetched']),
          bytes: z
            .int()
            .min(0)
            .meta({ description: 'Fetched so far.', examples: [1_048_576] }),
          totalBytes: z
            .int()
            .min(0)
            .nullable()
            .meta({
              description: 'As the server states it; null until it does.',
              examples: [2_880_417],
            }),
        }),
      )
      .meta({
        description:
          'While `PENDING`: the files that are fetched from their addresses. Otherwise empty.',
      }),
    input: input.meta({ description: 'What you sent, and what rendering found in it.' }),
    output: output
      .nullable()
      .meta({ description: 'The video. Null until `COMPLETED`, and when it has expired.' }),
    warnings: z
      .array(z.string())
      .meta({ description: 'Sentences about what you may want to change.' }),
    checks: z
      .array(check)
      .meta({ description: 'With a target: the video compared with each of its rules.' }),
    links,
    shareExpiresAt: time('When sharing ends; only there once it was set.')
      .meta({ examples: ['2026-12-24T18:00:00.000Z'] })
      .optional(),
    metadata,
  })
  .meta({
    examples: [
      {
        id: exampleId,
        status: 'COMPLETED',
        outputVideo: `https://example.com/media/${exampleToken}/video.mp4`,
        outputShareLink: `https://example.com/share/${exampleToken}`,
        errorMessage: null,
        retries: 0,
        createdAt: '2026-05-07T12:34:56.000Z',
        updatedAt: '2026-05-07T12:35:09.000Z',
        webhookUrl: null,
        progress: 100,
        options: { target: 'x', title: 'Episode 17' },
        queuePosition: null,
        estimatedSecondsLeft: null,
        attempts: [
          {
            attempt: 1,
            startedAt: '2026-05-07T12:34:56.080Z',
            endedAt: '2026-05-07T12:35:09.000Z',
            outcome: 'completed',
          },
        ],
        fetches: [],
        input: {
          image: {
            ...{ type: 'image/jpeg', bytes: 482_113, sha256: '9f'.repeat(32) },
            ...{ width: 1600, height: 1200 },
          },
          audio: {
            ...{ type: 'audio/mpeg', bytes: 2_880_417, sha256: '1c'.repeat(32), codec: 'mp3' },
            ...{ sampleRate: 44_100, channels: 2, seconds: 180.04 },
            ...{ loudness: null, truePeak: null },
          },
          captions: null,
        },
        output: {
          video: `https://example.com/media/${exampleToken}/video.mp4`,
          poster: `https://example.com/media/${exampleToken}/poster.jpg`,
          captions: null,
          shareLink: `https://example.com/share/${exampleToken}`,
          ...{
            bytes: 8_123_456,
            sha256: '4e'.repeat(32),
            width: 960,
            height: 720,
            seconds: 180.04,
          },
          ...{ loudness: null, truePeak: null },
          realTimeFactor: 21.3,
          expiresAt: '2026-06-06T12:35:09.000Z',
        },
        warnings: [
          'X wants a length of 0.5 s to 2 min 20 s; it is 3 min. Send a shorter audio file, or publish the video elsewhere.',
        ],
        checks: [
          {
            rule: 'length',
            wanted: '0.5 s to 2 min 20 s',
            is: '3 min',
            ok: false,
            mend: 'Send a shorter audio file, or publish the video elsewhere.',
          },
          { rule: 'longerSide', wanted: 'at most 1280 px', is: '960 px', ok: true, mend: null },
        ],
        links: {
          status: `https://example.com/api/status/${exampleId}`,
          events: `https://example.com/api/jobs/${exampleId}/events`,
          cancel: null,
          retry: null,
          webhooks: null,
          share: `https://example.com/share/${exampleToken}`,
          docs: 'https://example.com/#getJob',
        },
        metadata: { orderId: '17' },
      },
    ],
  });
