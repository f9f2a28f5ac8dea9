import * as z from 'zod';

/**
 * Everything that shapes a video: names, values, defaults, and the descriptions for callers. The form and the
 * JSON of a submission, openapi.json, the page's controls and the flags of the demo are generated from it.
 */

export const targetNames = [
  ...(['youtube', 'shorts', 'instagram', 'reels', 'tiktok'] as const),
  ...(['x', 'linkedin', 'facebook', 'spotify', 'whatsapp'] as const),
] as const;
export type TargetName = (typeof targetNames)[number];

export const videoOptions = z.object({
  aspectRatio: choice(
    ['source', '16:9', '9:16', '1:1', '4:5'],
    "Shape of the video. `source` keeps the image's own.",
  ),
  resolution: choice(
    ['1080p', '720p', '1440p', '2160p'],
    'Length of the shorter side. With `aspectRatio` `source`, images are never enlarged.',
  ),
  fit: choice(
    ['contain', 'cover', 'blur'],
    'How the image fills the shape: `contain` shows all of it with bars, `cover` crops from the center, `blur` shows all of it over a blurred copy.',
  ),
  background: color(/^(#[0-9a-fA-F]{6}|auto)$/, 'a color such as #1a2b3c, or auto')
    .optional()
    .meta({
      description:
        "Color of the bars and behind transparent images: `#rrggbb`, or `auto` for the image's edge color. Default `#000000`; `#ffffff` behind transparent images.",
      examples: ['#1a2b3c'],
    }),
  motion: choice(
    ['none', 'zoom-in', 'zoom-out', 'pan-left', 'pan-right'],
    'Slow camera movement over the image.',
  ),
  waveform: choice(
    ['none', 'bars', 'line', 'progress'],
    'Drawing of the sound: `bars` and `line` move with it, `progress` fills its whole shape as it plays.',
  ),
  waveformColor: color(/^#[0-9a-fA-F]{6}$/, 'a color such as #1a2b3c')
    .default('#ffffff')
    .meta({ description: 'Color of the waveform, `#rrggbb`. Default `#ffffff`.' }),
  waveformPosition: choice(['bottom', 'center', 'top'], 'Where the waveform is drawn.'),
  captionStyle: choice(
    ['track', 'burned', 'both'],
    '`track` adds captions that viewers can switch on and off, `burned` draws them into the picture, `both` does both.',
  ),
  captionLanguage: z
    .string({ error: refused('a language tag such as en, pt-BR or zh-Hans') })
    .refine(isLanguageTag, { error: refused('a language tag such as en, pt-BR or zh-Hans') })
    .optional()
    .meta({
      description: 'Language of the captions as a BCP 47 tag, such as `en` or `pt-BR`.',
      examples: ['en'],
    }),
  loudness: z
    .union([z.literal('keep'), z.literal([-14, -16, -19, -23])], {
      error: refused('one of keep, -14, -16, -19, -23'),
    })
    .default('keep')
    .meta({
      description:
        'Loudness of the sound in LUFS (EBU R 128), with true peaks of at most −1 dBTP. Default `keep`, which leaves it as it is.',
    }),
  title: text(200, 'Title: a tag of the file, and the title of the share page.', 'Episode 17'),
  artist: text(200, 'Artist: a tag of the file, and named on the share page.', 'Ada Lovelace'),
  description: text(
    2000,
    'Description: a tag of the file, and the preview text of the share page.',
    'Notes on the Analytical Engine, read aloud.',
  ),
  target: z
    .enum(targetNames, { error: refused(`one of ${targetNames.join(', ')}`) })
    .optional()
    .meta({
      description:
        'Where the video is to be published. Sets what the place asks for wherever you leave an option out, and checks the result against its rules. See [Targets](#targets).',
    }),
});

/** All options, with the defaults filled in. */
export type VideoOptions = z.output<typeof videoOptions>;
/** Only what was given: as callers send it and as it is stored with the job. */
export type GivenOptions = z.input<typeof videoOptions>;
export type OptionName = keyof VideoOptions;

export const optionNames = Object.keys(videoOptions.shape) as OptionName[];

/**
 * Raised by each release whose worker renders an option or a value that the previous one did not know. Until
 * the old workers are gone, api.claim_job keeps such jobs from them.
 */
export const rendererNumber = 1;

/** The lowest renderer number that can render a job; 0: any worker can. */
export const neededRenderer = (
  given: GivenOptions,
  hasCaptions: boolean,
  hasSources = false,
): number => (hasCaptions || hasSources || Object.keys(given).length > 0 ? 1 : 0);

const maxMetadataBytes = 2048;
const maxMetadataKeys = 20;
// Names that would reach into an object's prototype.
const unsafeKeys = ['__proto__', 'constructor', 'prototype'];

const stringsOnly = { error: () => 'metadata must be a JSON object whose values are all strings.' };

/** The caller's own data, echoed wherever the job is shown. */
export const metadata = z
  .preprocess(
    // Checked before zod creates an object of its own, which lacks these keys.
    (value, context) => {
      const unsafe = unsafeKeys.find((key) => Object.hasOwn(Object(value), key));
      if (unsafe)
        context.addIssue(`metadata must not have the key ${unsafe}. Choose another name.`);
      return value;
    },
    z.record(z.string(), z.string(stringsOnly), stringsOnly).superRefine((value, context) => {
      const keys = Object.keys(value);
      if (keys.length > maxMetadataKeys)
        context.addIssue(
          `metadata has ${keys.length} keys; at most ${maxMetadataKeys} are allowed.`,
        );
      else if (keys.includes('')) context.addIssue('metadata has an empty key. Give it a name.');
      else if (Object.entries(value).flat().some(isUnstorable))
        context.addIssue('metadata holds a NUL or half a character. Send whole Unicode text.');
      else if (Buffer.byteLength(JSON.stringify(value)) > maxMetadataBytes)
        context.addIssue('metadata is larger than 2 KB. Shorten it.');
    }),
  )
  .optional()
  .meta({
    description:
      'Your own data: a JSON object of at most 20 strings, 2 KB in all. Returned with the job wherever it is shown, and in its webhook.',
    examples: [{ orderId: '17' }],
  });
export type Metadata = NonNullable<z.output<typeof metadata>>;

function choice<const Values extends [string, ...string[]]>(values: Values, description: string) {
  const [first] = values;
  return z
    .enum(values, { error: refused(`one of ${values.join(', ')}`) })
    .default(first as never)
    .meta({ description: `${description} Default \`${first}\`.` });
}

function color(pattern: RegExp, allowed: string) {
  return z
    .string({ error: refused(allowed) })
    .regex(pattern, { error: refused(allowed) })
    .toLowerCase();
}

function text(most: number, description: string, example: string) {
  const allowed = `text of at most ${most} characters, without control characters`;
  return z
    .string({ error: refused(allowed) })
    .refine((value) => [...value].length <= most && !isControlled(value), {
      error: refused(allowed),
    })
    .optional()
    .meta({ maxLength: most, description, examples: [example] });
}

/** A zod error that completes "aspectRatio must be … ". */
function refused(allowed: string) {
  return ({ path, input }: { path?: PropertyKey[]; input?: unknown }) =>
    `${String(path?.[0] ?? 'It')} must be ${allowed}; ${shown(input)} is not.`;
}

function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length > 60 ? `${written.slice(0, 59)}…` : written;
}

/** Stricter than Intl, which accepts any word of up to eight letters as a language. */
function isLanguageTag(tag: string): boolean {
  try {
    return (
      /^[a-z]{2,3}(-|$)/i.test(tag) &&
      tag.length <= 35 &&
      Intl.getCanonicalLocales(tag).length === 1
    );
  } catch {
    return false;
  }
}

// Line breaks are allowed in text.
const isControlled = (value: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  isUnstorable(value) || /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(value);

/** Text that PostgreSQL does not accept in jsonb. */
const isUnstorable = (value: string) => !value.isWellFormed() || value.includes('\0');
