import * as z from 'zod';
import { jobState, statuses } from './schemas.ts';

/** A whole number as text in a query; `message` for whatever else is there. */
const wholeNumber = (min: number, max: number, message: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.int().min(min, message).max(max, message));

export const listQuery = z.object({
  limit: wholeNumber(1, 100, 'limit must be a whole number from 1 to 100.')
    .default(20)
    .meta({ description: 'How many jobs a page holds, 1–100. Default 20.' }),
  cursor: z
    .string()
    .regex(
      /^c[a-z0-9]{24}$/,
      'cursor must be the nextCursor of the page before. Omit it for the first page.',
    )
    .optional()
    .meta({
      description: 'Where to go on: the nextCursor of the page before. Leave it out for the first.',
    }),
  status: z
    .enum(statuses, { error: `status must be one of ${statuses.join(', ')}.` })
    .optional()
    .meta({ description: `Only jobs with this status: ${jobState.options.join(', ')}.` }),
});

export const statusQuery = z.object({
  wait: wholeNumber(0, 60, 'wait must be a whole number of seconds from 0 to 60.').default(0).meta({
    description:
      'Seconds, 0–60: answer when the status changes or this time is up, whichever is first. Default 0.',
  }),
});

export const jobPath = z.object({
  jobId: z
    .string()
    .regex(/^c[a-z0-9]{24}$/)
    .meta({ description: 'The jobId that the submission answered.' }),
});

export const submissionHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[!-~]{1,255}$/, 'Idempotency-Key must be 1 to 255 visible ASCII characters.')
    .optional()
    .meta({
      description:
        'A name of your own for this submission. The same key within 24 hours answers with the first job and Idempotent-Replayed: true, so a retry never makes a second job.',
    }),
});

export const eventsHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .meta({ description: 'The id of the last event you saw; ids go on from there.' }),
});

/** The form of a submission. Its files are streamed, never held: src/upload.ts reads it. */
export const submissionForm = z.object({
  image: z.file().meta({
    description:
      'The picture: JPEG, PNG or WebP (image/jpeg, image/png, image/webp), at most 50 MB.',
  }),
  audio: z.file().meta({
    description: 'The sound: mp3, wav, m4a or ogg (Vorbis or Opus), at most 50 MB.',
  }),
  webhookUrl: z
    .string()
    .max(2048)
    .regex(/^https:\/\//)
    .optional()
    .meta({
      format: 'uri',
      description:
        'An https:// address that gets a signed message when the job has ended. See Webhooks.',
    }),
});
