import * as z from 'zod';
import { statuses } from '../openapi/schemas/values.ts';
import {
  metadata,
  type OptionName,
  targetNames,
  type VideoOptions,
  videoOptions,
} from '../video_options.ts';

/** Hosts and clients give a tool a minute; the default makes the answer come sooner. */
const waitSeconds = z
  .number()
  .min(0)
  .max(600)
  .default(45)
  .describe('How long to wait for the video, in seconds. If it takes longer, call get_job.');

/** Only what was given counts: a target sets the options that were left out. */
const options = Object.fromEntries(
  Object.entries(videoOptions.shape).map(([name, schema]) => [
    name,
    (schema instanceof z.ZodDefault ? schema.unwrap() : schema)
      .optional()
      .meta(schema.meta() ?? {}),
  ]),
) as unknown as { [Name in OptionName]: z.ZodOptional<z.ZodType<VideoOptions[Name]>> };

const output = z
  .string()
  .min(1)
  .optional()
  .describe('Path of the file to write the video to. An existing file is not overwritten.');

/** What the tools take; with paths, where the files of the agent's machine can be read. */
export function inputsOf(hasPaths: boolean) {
  const from = hasPaths ? 'A path on this machine, or an http(s) address' : 'An http(s) address';
  const saved = (hasPaths ? { output } : {}) as { output: typeof output };
  const file = (what: string) => z.string().min(1).describe(`${from} of ${what}.`);
  return {
    makeVideo: z.strictObject({
      image: file('a JPEG, PNG or WebP picture'),
      audio: file('an MP3, WAV, M4A or Ogg file'),
      captions: z
        .string()
        .optional()
        .describe(`${from} of a SubRip or WebVTT file, or the text of one.`),
      ...options,
      metadata,
      ...saved,
      waitSeconds,
    }),
    getJob: z.strictObject({
      jobId: z.string().describe('As make_video or list_jobs tells it.'),
      ...saved,
      waitSeconds: waitSeconds.default(0),
    }),
    listJobs: z.strictObject({
      limit: z.int().min(1).max(100).default(10),
      status: z.enum(statuses).optional(),
      cursor: z.string().optional().describe('The nextCursor of the page before.'),
    }),
    checkTarget: z.strictObject({
      target: z.enum(targetNames).describe('The place to publish at.'),
      jobId: z
        .string()
        .optional()
        .describe('A COMPLETED job whose video is held against the rules.'),
    }),
  };
}

type Inputs = ReturnType<typeof inputsOf>;
export type VideoRequest = Omit<z.output<Inputs['makeVideo']>, 'waitSeconds'>;

/** Captions have several lines, by which they differ from a path or an address. */
export const isText = (captions: string): boolean => captions.includes('\n');
