import * as z from 'zod';
import { exampleId, jobState, statuses } from './schemas/values.ts';

/** A whole number as text in a query; `message` is for any other value. */
const wholeNumber = (min: number, max: number, message: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.int().min(min, message).max(max, message));

export const listQuery = z.object({
  limit: wholeNumber(1, 100, 'limit must be a whole number from 1 to 100.')
    .default(20)
    .meta({ description: 'Page size, 1–100. Default 20.' }),
  cursor: z
    .string()
    .regex(
      /^c[a-z0-9]{24}$/,
      'cursor must be the nextCursor from the previous response. Omit it on the first page.',
    )
    .optional()
    .meta({
      description: 'The `nextCursor` from the previous response. Omit on first page.',
    }),
  status: z
    .enum(statuses, { error: `status must be one of ${statuses.join(', ')}.` })
    .optional()
    .meta({
      description: `Filter to one of ${jobState.options.map((state) => `\`${state}\``).join(', ')}.`,
    }),
});

export const statusQuery = z.object({
  until: z
    .enum(['change', 'end'], { error: 'until must be change or end.' })
    .default('change')
    .meta({
      description:
        'What `wait` waits for: `change` (the next change of status) or `end` (`COMPLETED`, `FAILED` or `CANCELLED`). Default `change`.',
    }),
  wait: wholeNumber(0, 60, 'wait must be a whole number of seconds from 0 to 60.').default(0).meta({
    description:
      'Long polling: how many seconds (0–60) to hold the response if the status has not changed. Default 0.',
  }),
});

export const cancelQuery = z.object({
  force: z
    .enum(['true', 'false'], { error: 'force must be true or false.' })
    .default('false')
    .meta({
      description:
        '`true` also cancels a job that is `PROCESSING`: its rendering stops, nothing of it is stored, and no webhook is sent. Default `false`.',
    }),
});

export const jobPath = z.object({
  jobId: z
    .string()
    .regex(/^c[a-z0-9]{24}$/)
    .meta({
      description: 'The `jobId` returned when you submitted the job.',
      examples: [exampleId],
    }),
});

export const preferHeader = z.object({
  Prefer: z
    .string()
    .optional()
    .meta({
      description:
        '`wait=N` holds the response for up to N seconds (at most 60), until the job has ended. It is a 201 all the same, with the fields of the status beside `jobId`.',
      examples: ['wait=30'],
    }),
});

export const submissionHeaders = preferHeader.extend({
  'Idempotency-Key': z
    .string()
    .regex(/^[!-~]{1,255}$/, 'Idempotency-Key must be 1 to 255 visible ASCII characters.')
    .optional()
    .meta({
      description:
        'A unique value of your choice for this submission. Repeating it within 24 hours returns the original `jobId` and `Idempotent-Replayed: true`, so a retry never creates a second job.',
      examples: ['5f0c1a52-6c1e-4f0b-9d0a-8f5a2e1c7b34'],
    }),
});

export const eventsHeaders = z.object({
  'Last-Event-ID': z
    .string()
    .optional()
    .meta({
      description:
        'When reconnecting: the id of the last event you received. Numbering continues from there. The id of the last event of a job ends in .0; with that id the answer is 204, which tells an EventSource not to reconnect.',
      examples: ['1.7'],
    }),
});
