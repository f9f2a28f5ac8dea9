import * as z from 'zod';
import { metadata } from '../../video_options.ts';
import { exampleId, exampleToken, id, jobState, time } from './values.ts';

const created = '2026-05-07T12:34:56.000Z';

const outputs = {
  outputVideo: z
    .url()
    .nullable()
    .meta({
      description:
        'URL of the finished video, ending in `/video.mp4`. Null until `COMPLETED`, and again when the video has expired.',
      examples: [`https://example.com/media/${exampleToken}/video.mp4`],
    }),
  outputShareLink: z
    .url()
    .nullable()
    .meta({
      description:
        'URL of a share page with a player. Null until `COMPLETED`, and again when the video has expired.',
      examples: [`https://example.com/share/${exampleToken}`],
    }),
  errorMessage: z
    .string()
    .nullable()
    .meta({
      description: 'Why the job `FAILED` and what to do about it; otherwise null.',
      examples: [null],
    }),
};
const times = {
  createdAt: time('When the job was created.'),
  updatedAt: time('When its status or progress last changed.'),
};

/** The response of the status endpoint, each event of a stream, and the body of a webhook. */
export const jobStatus = z
  .strictObject({
    jobId: id,
    status: jobState,
    progress: z
      .int()
      .min(0)
      .max(100)
      .meta({
        description:
          'Percentage: 0 while `PENDING`, an estimate while `PROCESSING`, 100 when `COMPLETED`.',
        examples: [62],
      }),
    ...outputs,
    ...times,
    metadata,
  })
  .meta({
    examples: [
      {
        jobId: exampleId,
        status: 'PROCESSING',
        progress: 62,
        outputVideo: null,
        outputShareLink: null,
        errorMessage: null,
        createdAt: created,
        updatedAt: '2026-05-07T12:36:08.000Z',
      },
    ],
  });

export const listedJob = z.strictObject({
  id,
  status: jobState,
  ...outputs,
  retries: z.int().min(0).meta({ description: 'Number of attempts after the first.' }),
  ...times,
  webhookUrl: z
    .url()
    .nullable()
    .meta({ description: 'The `webhookUrl` the job was submitted with.' }),
  metadata,
});

export const jobList = z
  .strictObject({
    jobs: z.array(listedJob).meta({ description: 'Newest first.' }),
    pagination: z.strictObject({
      limit: z.int().min(1).max(100),
      nextCursor: id.nullable().meta({ description: 'Null on the last page.' }),
      hasNextPage: z.boolean(),
    }),
  })
  .meta({
    examples: [
      {
        jobs: [
          {
            id: exampleId,
            status: 'COMPLETED',
            outputVideo: `https://example.com/media/${exampleToken}/video.mp4`,
            outputShareLink: `https://example.com/share/${exampleToken}`,
            errorMessage: null,
            retries: 0,
            createdAt: created,
            updatedAt: '2026-05-07T12:38:11.000Z',
            webhookUrl: null,
          },
        ],
        pagination: { limit: 20, nextCursor: 'clxxxxx0001abcd1234efgh56', hasNextPage: true },
      },
    ],
  });

export const jobCreated = z
  .strictObject({
    message: z.literal('Job created'),
    // With "Prefer: wait=N" the status stands beside it.
    ...jobStatus.partial().shape,
    jobId: id,
  })
  .meta({ examples: [{ message: 'Job created', jobId: exampleId }] });

export const jobCancelled = z
  .strictObject({ success: z.literal(true), message: z.literal('Job cancelled successfully') })
  .meta({ examples: [{ success: true, message: 'Job cancelled successfully' }] });

export const videoDeleted = z
  .strictObject({ success: z.literal(true), message: z.literal('Video deleted successfully') })
  .meta({ examples: [{ success: true, message: 'Video deleted successfully' }] });
