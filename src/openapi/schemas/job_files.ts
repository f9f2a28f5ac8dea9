import * as z from 'zod';
import { time } from './values.ts';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256, hexadecimal.' });
const bytes = z.int().min(0).meta({ description: 'Size in bytes.' });
const type = z.string().meta({ description: 'Media type, by the bytes.' });
const pixels = z.int().min(1);
const loudness = z
  .number()
  .nullable()
  .meta({ description: 'Integrated loudness in LUFS (EBU R 128); null if it was not measured.' });
const truePeak = z
  .number()
  .nullable()
  .meta({ description: 'True peak in dBTP; null if it was not measured.' });

/** What a caller sent, and what rendering found in it. */
export const input = z.strictObject({
  image: z
    .strictObject({ type, bytes, sha256, width: pixels.nullable(), height: pixels.nullable() })
    .nullable(),
  audio: z
    .strictObject({
      ...{ type, bytes, sha256 },
      codec: z.string().nullable(),
      sampleRate: z.int().nullable().meta({ description: 'In hertz.' }),
      channels: z.int().nullable(),
      seconds: z.number().nullable(),
      ...{ loudness, truePeak },
    })
    .nullable(),
  captions: z.strictObject({ type, bytes, sha256 }).nullable(),
});

/** The finished video. */
export const output = z.strictObject({
  video: z.url(),
  poster: z.url(),
  captions: z.url().nullable().meta({ description: 'The captions as WebVTT.' }),
  shareLink: z.url(),
  ...{ bytes, sha256, width: pixels, height: pixels },
  seconds: z.number(),
  ...{ loudness, truePeak },
  realTimeFactor: z
    .number()
    .nullable()
    .meta({ description: 'Seconds of audio for each second of rendering.' }),
  expiresAt: time('When the video will be removed.'),
});
