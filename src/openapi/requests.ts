import * as z from 'zod';
import { maxFileSize } from '../upload/max_file.ts';
import { metadata, videoOptions } from '../video_options.ts';
import { jobState, statuses } from './schemas.ts';

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
    .meta({ description: 'The `jobId` returned when you submitted the job.' }),
});

export const preferHeader = z.object({
  Prefer: z.string().optional().meta({
    description:
      '`wait=N` holds the response for up to N seconds (at most 60), until the job has ended. It is a 201 all the same, with the fields of the status beside `jobId`.',
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
    }),
});

export const eventsHeaders = z.object({
  'Last-Event-ID': z.string().optional().meta({
    description:
      'When reconnecting: the id of the last event you received. Numbering continues from there. The id of the last event of a job ends in .0; with that id the answer is 204, which tells an EventSource not to reconnect.',
  }),
});

/** What a retry may change. */
export const retryOptions = z.object({ ...videoOptions.partial().shape, metadata });

/** What an owner may change of a job. */
export const jobUpdate = z.object({
  shareExpiresAt: z
    .union([
      z.iso
        .datetime({ offset: true, error: 'must be a time such as 2026-12-24T18:00:00Z, or null' })
        .refine((text) => Date.parse(text) >= 0, { error: 'must be 1970 or later' }),
      z.null(),
    ])
    .meta({
      description:
        'When the share page, the video, its poster and its captions stop being served; `null`: as long as the video is kept.',
      examples: ['2026-12-24T18:00:00Z'],
    }),
});

const address = (of: string) =>
  z
    .string()
    .max(2048)
    .meta({
      format: 'uri',
      description: `Address (https or http) that the ${of} is fetched from. Redirects are followed; the size and type rules are those of uploads.`,
    });

/** The same in JSON: addresses instead of files. The form accepts them too. */
export const submissionJson = z.object({
  imageUrl: address('image'),
  audioUrl: address('audio track'),
  webhookUrl: z.string().max(2048).nullish().meta({
    format: 'uri',
    description:
      'HTTPS URL that receives a signed callback when the job completes or fails. See [Webhooks](#webhooks).',
  }),
  captions: z.string().nullish().meta({
    description: 'Captions as SubRip or WebVTT, the text itself. Max 1 MB.',
  }),
  captionsUrl: address('captions file').nullish(),
  ...videoOptions.shape,
  metadata,
});

/**
 * The form of a submission. Its files are streamed, never held in memory; src/upload/read_submission.ts reads
 * it.
 */
export const submissionForm = z.object({
  image: z.file().meta({
    description: `Single source image. Accepts \`image/jpeg\`, \`image/png\`, \`image/webp\`. Max ${maxFileSize}.`,
  }),
  audio: z.file().meta({
    description: `Voiceover or audio track. Accepts mp3, wav, m4a, ogg (Vorbis or Opus). Max ${maxFileSize}.`,
  }),
  webhookUrl: z.string().max(2048).optional().meta({
    format: 'uri',
    description:
      'HTTPS URL that receives a signed callback when the job completes or fails. See [Webhooks](#webhooks).',
  }),
  captions: z.file().optional().meta({
    description: 'Captions as SubRip (`.srt`) or WebVTT (`.vtt`), UTF-8 or UTF-16. Max 1 MB.',
  }),
  ...videoOptions.shape,
  // In a form every value is text.
  loudness: z
    .enum(['keep', '-14', '-16', '-19', '-23'])
    .default('keep')
    .meta(videoOptions.shape.loudness.meta() ?? {}),
  metadata: z
    .string()
    .optional()
    .meta({ ...metadata.meta(), contentMediaType: 'application/json' }),
});
