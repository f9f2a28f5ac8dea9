import * as z from 'zod';
import { maxFileSize } from '../upload/max_file.ts';
import { metadata, videoOptions } from '../video_options.ts';

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

const address = (of: string, file: string) =>
  z
    .string()
    .max(2048)
    .meta({
      format: 'uri',
      description: `Address (https or http) that the ${of} is fetched from. Redirects are followed; the size and type rules are those of uploads.`,
      examples: [`https://example.com/${file}`],
    });

const webhookUrl = {
  format: 'uri',
  description:
    'HTTPS URL that receives a signed callback when the job completes or fails. See [Webhooks](#webhooks).',
  examples: ['https://your.app/hooks/vidgen'],
};

/** The same in JSON: addresses instead of files. The form accepts them too. */
export const submissionJson = z.object({
  imageUrl: address('image', 'portrait.jpg'),
  audioUrl: address('audio track', 'voiceover.mp3'),
  webhookUrl: z.string().max(2048).nullish().meta(webhookUrl),
  captions: z
    .string()
    .nullish()
    .meta({
      description: 'Captions as SubRip or WebVTT, the text itself. Max 1 MB.',
      examples: ['WEBVTT\n\n00:00.000 --> 00:02.500\nGood morning.\n'],
    }),
  captionsUrl: address('captions file', 'captions.vtt').nullish(),
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
  webhookUrl: z.string().max(2048).optional().meta(webhookUrl),
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
    .meta({
      ...metadata.meta(),
      contentMediaType: 'application/json',
      examples: ['{"orderId":"17"}'],
    }),
});
