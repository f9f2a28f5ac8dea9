import type { Machine } from '../machine.ts';
import type { SoundPlan } from '../recipe.ts';
import { type AudioFile, untrusted } from './decoders.ts';
import type { Encoding } from './encode_piece.ts';
import { listen, tellForms } from './listen.ts';
import {
  corrected,
  isNoLouder,
  type Level,
  levelFilters,
  levelFor,
  type Tried,
} from './loudness.ts';
import { type Measured, measureAudio } from './measure.ts';
import type { AudioFacts } from './probe.ts';
import { toStereo } from './to_stereo.ts';

export type PlannedEncoding = Encoding & {
  /** What was measured in the file, if anything. */
  given?: Measured;
  /** Set when a loudness was requested and there is sound. */
  level?: Level;
  /** The same at this level, or at the level found after trying a limiter. */
  again?(level: Level): Promise<Encoding & { level: Level }>;
};

/** Decides how to encode the sound, and measures what it needs for that: usually nothing. */
export async function planEncoding(
  machine: Machine,
  source: AudioFile,
  facts: AudioFacts,
  plan: SoundPlan,
): Promise<PlannedEncoding> {
  const sampleRate = plan.sampleRate ?? suitableRate(facts.sampleRate);
  const bitRate = facts.channels === 1 ? plan.monoBitRate : plan.stereoBitRate;
  // In floating point, so that peaks beyond full scale are lowered instead of cut off.
  const resampled = `aresample=${sampleRate}:osf=fltp`;
  const measured = [...toStereo(facts), resampled];
  // Resampling and a level change peaks, so they are listened to before.
  const listensToPiece = plan.loudness === 'keep' && facts.sampleRate === sampleRate;
  const encoding = (level?: Level, gain?: number): Encoding => ({
    filters: {
      whole: [
        ...[tellForms, ...toStereo(facts, gain)],
        ...[...(listensToPiece ? [] : [listen]), resampled],
        ...(level ? levelFilters(level) : []),
      ],
      piece: listensToPiece ? [listen] : [],
    },
    sampleRate,
    bitRate,
  });
  const input = { path: source.path, options: untrusted(source.type), seconds: facts.seconds };
  const measure = (filters: string[], skip = {}) => measureAudio(machine, input, filters, skip);
  if (plan.loudness !== 'keep') {
    const given = await measure(measured);
    const tried = (level: Level) => measure([...measured, ...levelFilters(level)]);
    const settled = async (first: Level) => {
      const level = await settle(first, tried);
      return { ...encoding(level), level };
    };
    const first = levelFor(plan.loudness, given);
    return { ...(first ? await settled(first) : encoding()), given, again: settled };
  }
  if (facts.channels <= 2 && !facts.codec.startsWith('pcm_f')) return encoding();
  const given = await measure(measured, { loudness: true });
  // A downmix is as loud as its channels together, and is lowered only as far as its loudest sample requires.
  const gain = Math.min(1, downmixPeak / Math.max(given.peak, 1e-6));
  return { ...encoding(undefined, gain), given };
}

/** The one of the two rates that is the simplest ratio of the source's. */
const suitableRate = (sampleRate: number) => (sampleRate % 11_025 === 0 ? 44_100 : 48_000);

/** What an encoder adds to a peak must not clip. */
const downmixPeak = 0.95;

/** A limiter takes from the loudness, more from dense sound. A trial shows how much. */
const mostTries = 3;

async function settle(first: Level, measure: (level: Level) => Promise<Measured>): Promise<Level> {
  let level = first;
  let before: Tried | undefined;
  for (let tried = 0; tried < mostTries && level.limitDb !== undefined; tried++) {
    const now = { level, made: await measure(level) };
    const next = corrected(level, now.made, 'filtered');
    if (!next) break;
    if (before && isNoLouder(before, now)) return { ...before.level, isLoudest: true };
    [level, before] = [next, now];
  }
  return level;
}
