import * as z from 'zod';
import { allTargets } from '../../targets/list.ts';
import { targetNames, videoOptions } from '../../video_options.ts';

const source = z.strictObject({
  title: z.string(),
  url: z.url(),
  owner: z
    .boolean()
    .meta({ description: 'Whether the place itself states it; otherwise others report it.' }),
  read: z.string().meta({ format: 'date', description: 'The day it was read.' }),
});

/** The response of GET /api/targets. */
export const targetList = z
  .strictObject({
    targets: z.array(
      z.strictObject({
        name: z.enum(targetNames).meta({ description: 'The value of the option target.' }),
        title: z.string(),
        options: videoOptions
          .partial()
          .meta({ description: 'What it sets wherever you leave an option out.' }),
        rules: z
          .array(
            z.strictObject({
              rule: z.string(),
              title: z.string().meta({ description: 'What the rule is about, in words.' }),
              wanted: z.string(),
              least: z.number().nullable(),
              most: z.number().nullable(),
              source,
            }),
          )
          .meta({
            description:
              'What videos are checked against. least and most are seconds, bytes, pixels, hertz; a ratio is width by height.',
          }),
        advice: z.array(z.strictObject({ text: z.string(), source })),
      }),
    ),
  })
  .meta({ examples: [{ targets: allTargets().slice(5, 6) }] });
