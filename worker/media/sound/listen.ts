/** What passed through: the loudest sample of each side in dBFS, and whether it was clipped. */
export type Heard = {
  left: number;
  right: number;
  clipped: boolean;
  /** What the decoder gave, one behind the other: files that are joined of several change on the way. */
  forms: { channels: number; sampleRate: number }[];
};

/** A filter that passes sound through unchanged and reports its format, also when that changes. */
export const tellForms =
  "asplit=2[given][first];[first]aselect='eq(n,0)',ashowinfo@form,anullsink;[given]anull";

/**
 * A filter that passes stereo sound on unchanged and reports on it at the end. It looks for samples that stay
 * at full scale in every eighth frame: that is enough to find them, at an eighth of the cost.
 */
export const listen = [
  'asplit=3[passed][sides][tops]',
  '[sides]channelsplit=channel_layout=stereo[left][right]',
  '[left]volumedetect@left,anullsink',
  '[right]volumedetect@right,anullsink',
  "[tops]aselect='not(mod(n,8))',astats@tops=measure_overall=none:measure_perchannel=Peak_level+Flat_factor,anullsink",
  '[passed]anull',
].join(';');

/**
 * Parses ffmpeg's output at the level `info`. A file whose format changes midway is reported in several
 * parts.
 */
export function heardIn(stderr: string): Heard {
  const loudest = (side: string) =>
    Math.max(...numbersIn(stderr, `volumedetect@${side}`, 'max_volume'));
  const peaks = numbersIn(stderr, 'astats@tops', 'Peak level dB');
  const flat = numbersIn(stderr, 'astats@tops', 'Flat factor');
  const clipped = peaks.some((peak, i) => peak > fullScaleDb && (flat[i] ?? 0) > flatDb);
  const forms = [...stderr.matchAll(form)].map(([, channels, sampleRate]) => ({
    channels: Number(channels),
    sampleRate: Number(sampleRate),
  }));
  return { left: loudest('left'), right: loudest('right'), clipped, forms };
}

/** What was heard in the pieces of one file; the last was decoded from its start, so it knows all forms. */
export function heardInAll(pieces: Heard[]): Heard {
  return {
    left: Math.max(...pieces.map(({ left }) => left)),
    right: Math.max(...pieces.map(({ right }) => right)),
    clipped: pieces.some(({ clipped }) => clipped),
    forms: pieces.at(-1)?.forms ?? [],
  };
}

const form = /^\[ashowinfo@form @ \w+\] \[info\] n:0 .*? channels:(\d+) .*? rate:(\d+) /gm;

/** All numbers that the named filter reported under this name. */
export function numbersIn(stderr: string, filter: string, name: string): number[] {
  const lines = new RegExp(
    `^\\[${filter} @ \\w+\\] \\[info\\] ${name}: +(-?[\\d.]+|-?inf|-?nan)`,
    'gm',
  );
  return [...stderr.matchAll(lines)].map(([, text = '']) =>
    Number(text.replace('inf', 'Infinity')),
  );
}

/** Silence is at −91 dB, the least that 16-bit samples can be. */
const inaudibleDb = -70;
const audibleDb = -50;
const fullScaleDb = -0.02;
/** Of samples at the top, two or more in a row on average. */
const flatDb = 6;

/** Sentences that a caller can act on. */
export function warningsOf({ left, right, clipped }: Omit<Heard, 'forms'>): string[] {
  if (Math.max(left, right) < inaudibleDb) return ['The audio is silent.'];
  const missing = left < inaudibleDb ? 'left' : 'right';
  const oneSided = Math.min(left, right) < inaudibleDb && Math.max(left, right) > audibleDb;
  return [
    oneSided &&
      `Nothing is heard in the ${missing} ear: the ${missing} channel of the audio is silent. For sound in both, export it as mono.`,
    clipped &&
      'The audio is clipped: its loudest parts are cut off at full scale. Export it quieter.',
  ].filter((one) => one !== false);
}
