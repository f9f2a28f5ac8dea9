import type { AudioFacts } from './probe.ts';

/** The level of a middle channel on two sides, as loud as one for a listener between two loudspeakers. */
const middle = Math.SQRT1_2.toFixed(4);

/**
 * How loud each channel is on its own side, or on both: ITU-R BS.775, and its equivalents for newer
 * positions.
 */
const sides = {
  1: ['FL FR', 'FLC FRC', 'WL WR', 'DL DR', 'SDL SDR'],
  0.7071: ['BL BR', 'SL SR', 'TFL TFR', 'TBL TBR'],
} as const;
const middles = { [middle]: ['FC'], 0.5: ['BC', 'TC', 'TFC', 'TBC'] } as const;

/**
 * The filters that turn any decoded channels into two at their original level. By default ffmpeg makes mono 3
 * dB quieter, lets a downmix clip, and drops channels that it does not know. More than two channels are
 * multiplied by `gain` (1: as ITU-R BS.775 mixes them), which the caller measures.
 */
export function toStereo(facts: Pick<AudioFacts, 'channels' | 'named' | 'codec'>, gain = 1) {
  const pan = facts.named ? byName() : byNumber(facts.channels);
  return [
    'aformat=sample_fmts=fltp',
    ...(facts.codec.startsWith('pcm_f') ? [numbersOnly] : []),
    ...(facts.named ? [monoInFull] : []),
    `pan=stereo|${pan}`,
    ...(facts.channels > 2 ? [`volume=${gain.toFixed(6)}:precision=float`] : []),
  ];
}

/**
 * Files of floating-point samples may contain NaN or infinity, which no encoder accepts: they become silence.
 */
const numbersOnly = "aeval='if(lt(abs(val(ch)),1e6),val(ch),0)':c=same";

/** Mono is a middle channel alone, and heard in full on both sides. Asked anew when the sound changes its form. */
const monoInFull = `volume='if(eq(nb_channels,1),1/${middle},1)':precision=float`;

/**
 * By the names of channels, of which some need not be there: so the same filter goes on when a file that
 * began in mono goes on in stereo, or in more.
 */
function byName(): string {
  const mix = (side: 0 | 1) =>
    [
      ...Object.entries(sides).flatMap(([level, pairs]) =>
        pairs.map((pair) => `${level}*${pair.split(' ')[side]}`),
      ),
      ...Object.entries(middles).flatMap(([level, names]) =>
        names.map((name) => `${level}*${name}`),
      ),
    ].join('+');
  return `FL=${mix(0)}|FR=${mix(1)}`;
}

/** Where unnamed channels go: left, right, or both sides. */
const layoutByNumber: Record<number, string> = {
  1: 'M',
  2: 'LR',
  4: 'LRlr',
  6: 'LRmmlr',
  8: 'LRmmlrlr',
};

/**
 * What files without names usually mean; channels without a convention go to the middle. None is taken for a
 * subwoofer.
 */
function byNumber(channels: number): string {
  const places = (layoutByNumber[channels] ?? 'LR').padEnd(channels, 'm');
  const mix = (side: string) =>
    [...places]
      .map((place, i) => ({ place, i }))
      .filter(({ place }) => 'mM'.includes(place) || place.toUpperCase() === side)
      .map(({ place, i }) => `${'MLR'.includes(place) ? 1 : middle}*c${i}`)
      .join('+');
  return `c0=${mix('L')}|c1=${mix('R')}`;
}
