import type { TargetName } from '../video_options.ts';
import type { Limit, RuleName, VideoFacts } from './target.ts';
import { targets } from './targets.ts';

/** One rule of a place, compared with a video. `mend` is a sentence, or null when nothing needs fixing. */
export type Check = {
  rule: RuleName;
  wanted: string;
  is: string;
  ok: boolean;
  mend: string | null;
};

/** Compares a video with every limit of a place. */
export const checkTarget = (target: TargetName, facts: VideoFacts): Check[] =>
  targets[target].limits.map((limit) => check(limit, facts));

const outside: RuleName[] = [
  ...(['length', 'fileSize', 'aspectRatio'] as const),
  ...(['width', 'height', 'shorterSide', 'longerSide'] as const),
];

/** Only what can be told of a finished video without a look at its coding. */
export const checkOutside = (
  target: TargetName,
  facts: Pick<VideoFacts, 'seconds' | 'bytes' | 'width' | 'height'>,
): Check[] =>
  targets[target].limits
    .filter(({ rule }) => outside.includes(rule))
    .map((limit) => check(limit, facts as VideoFacts));

/** A sentence for each check that a video fails. */
export const warningsOf = (target: TargetName, checks: Check[]): string[] =>
  checks
    .filter(({ ok }) => !ok)
    .map(
      ({ rule, wanted, is, mend }) =>
        `${targets[target].title} wants ${rules[rule].title} of ${wanted}; it is ${is}. ${mend}`,
    );

function check({ rule, least = -Infinity, most = Infinity }: Limit, facts: VideoFacts): Check {
  const { is, tells, slack = 0, tooLittle, tooMuch } = rules[rule];
  const value = is(facts);
  const isLess = value < least * (1 - slack);
  const ok = !isLess && value <= most * (1 + slack);
  return {
    rule,
    wanted: rangeText({ least, most }, tells),
    is: tells(value),
    ok,
    mend: ok ? null : isLess ? tooLittle : tooMuch,
  };
}

/** A limit in words. */
export const wantedBy = ({ rule, least = -Infinity, most = Infinity }: Limit): string =>
  rangeText({ least, most }, rules[rule].tells);

export const titleOf = (rule: RuleName): string => rules[rule].title;

function rangeText(
  { least, most }: { least: number; most: number },
  tells: (value: number) => string,
): string {
  if (least === most || most === 0) return tells(most);
  if (least === -Infinity) return `at most ${tells(most)}`;
  if (most === Infinity) return `at least ${tells(least)}`;
  return `${tells(least)} to ${tells(most)}`;
}

type Rule = {
  title: string;
  is(facts: VideoFacts): number;
  tells(value: number): string;
  /** How far a value may be off, as a share of the limit, because sides are even numbers. */
  slack?: number;
  tooLittle: string;
  tooMuch: string;
};

const pixels = (value: number) => `${value} px`;
const number = (value: number, unit: string) => `${Number(value.toFixed(2))} ${unit}`;

function lengthText(seconds: number): string {
  if (seconds < 120) return number(seconds, 's');
  if (seconds >= 7200) return number(seconds / 3600, 'h');
  const tenths = Math.round(seconds * 10);
  const [minutes, rest] = [`${Math.floor(tenths / 600)} min`, (tenths % 600) / 10];
  return rest === 0 ? minutes : `${minutes} ${rest} s`;
}

function bytesText(bytes: number): string {
  return bytes < 1_000_000 ? number(bytes / 1024, 'KB') : number(bytes / 1_000_000, 'MB');
}

const knownRatios: [number, string][] = [
  [16 / 9, '16:9'],
  [9 / 16, '9:16'],
  [4 / 5, '4:5'],
  [1, '1:1'],
  [1 / 3, '1:3'],
  [3, '3:1'],
  [1 / 2.4, '1:2.4'],
  [2.4, '2.4:1'],
];
const ratioText = (ratio: number) =>
  knownRatios.find(([known]) => Math.abs(ratio / known - 1) < 0.005)?.[1] ??
  `${Number(ratio.toFixed(2))}:1`;

const smaller = 'Choose another aspectRatio or a smaller resolution.';
const larger = 'Choose an aspectRatio or a larger resolution.';

const rules: Record<RuleName, Rule> = {
  length: {
    title: 'a length',
    is: ({ seconds }) => seconds,
    tells: lengthText,
    tooLittle: 'Send a longer audio file.',
    tooMuch: 'Send a shorter audio file, or publish the video elsewhere.',
  },
  fileSize: {
    title: 'a file size',
    is: ({ bytes }) => bytes,
    tells: bytesText,
    tooLittle: 'Send a longer audio file.',
    tooMuch:
      'Choose a smaller resolution, leave out motion and waveform, or send a shorter audio file.',
  },
  aspectRatio: {
    title: 'an aspect ratio',
    is: ({ width, height }) => width / height,
    tells: ratioText,
    slack: 0.005,
    tooLittle: 'Choose a wider aspectRatio, or leave it out.',
    tooMuch: 'Choose a narrower aspectRatio, or leave it out.',
  },
  width: {
    title: 'a width',
    is: ({ width }) => width,
    tells: pixels,
    tooLittle: larger,
    tooMuch: smaller,
  },
  height: {
    title: 'a height',
    is: ({ height }) => height,
    tells: pixels,
    tooLittle: larger,
    tooMuch: smaller,
  },
  shorterSide: {
    title: 'a shorter side',
    is: ({ width, height }) => Math.min(width, height),
    tells: pixels,
    tooLittle: larger,
    tooMuch: smaller,
  },
  longerSide: {
    title: 'a longer side',
    is: ({ width, height }) => Math.max(width, height),
    tells: pixels,
    tooLittle: larger,
    tooMuch: smaller,
  },
  frameRate: {
    title: 'a frame rate',
    is: ({ frameRate }) => frameRate,
    tells: (value) => number(value, 'fps'),
    tooLittle: 'All our videos have 25 frames a second.',
    tooMuch: 'All our videos have 25 frames a second.',
  },
  keyFrameDistance: {
    title: 'a distance of key frames',
    is: ({ keyFrameSeconds }) => keyFrameSeconds,
    tells: (value) => number(value, 's'),
    tooLittle: 'Submit the job with this target.',
    tooMuch: 'Submit the job with this target.',
  },
  editLists: {
    title: 'a number of edit lists',
    is: ({ editLists }) => editLists,
    tells: (value) => (value === 0 ? 'none' : String(value)),
    tooLittle: 'Submit the job with this target.',
    tooMuch: 'Submit the job with this target.',
  },
  sampleRate: {
    title: 'a sample rate',
    is: ({ sampleRate }) => sampleRate,
    tells: (value) => number(value / 1000, 'kHz'),
    tooLittle: 'Submit the job with this target.',
    tooMuch: 'Submit the job with this target.',
  },
  channels: {
    title: 'a number of channels',
    is: ({ channels }) => channels,
    tells: (value) => (value === 2 ? 'stereo' : value === 1 ? 'mono' : String(value)),
    tooLittle: 'Send stereo sound.',
    tooMuch: 'Send stereo sound.',
  },
};
