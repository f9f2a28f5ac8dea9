import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import type { AacAudio } from '../mp4/read.ts';
import type { SoundPlan } from '../recipe.ts';
import { writeAdts } from './adts.ts';
import { type Heard, warningsOf } from './listen.ts';
import { corrected, type Level, type Loudness } from './loudness.ts';
import { measureAudio } from './measure.ts';
import type { OpenedAudio } from './open_audio.ts';
import { planEncoding } from './plan_encoding.ts';
import { type AudioFacts, type ToldFacts, told } from './probe.ts';
import { encodeAudio } from './sound.ts';

export type EncodedSound = {
  audio: AacAudio;
  /** What the decoder gave, one behind the other. */
  forms: Heard['forms'];
  /** Of the caller's file: the loudness only if it was measured. */
  given: ToldFacts & Partial<Loudness>;
  /** Of the sound that was made, if a loudness was requested. */
  made: Partial<Loudness>;
  /** Sentences that the caller may want to act on. */
  warnings: string[];
};

/** How often sound is encoded again because the encoder missed the loudness. */
const mostCorrections = 3;
/** What one encoding is taken to be of all that is left to do: behind a limiter it mostly takes a second. */
const encodingShare = { limited: 0.6, level: 0.9 };

/** Decodes and encodes the sound until it is as loud as planned. Throws MediaError when it cannot be decoded. */
export async function encodeAtLevel(
  machine: Machine,
  source: OpenedAudio,
  facts: AudioFacts,
  plan: SoundPlan,
  onProgress: (fraction: number) => void,
): Promise<EncodedSound> {
  const planned = await planEncoding(machine, source, facts, plan);
  const progress = inParts(onProgress);
  let encoded = await encodeAudio(machine, source, facts, planned, progress(planned.level));
  const channels = Math.max(...encoded.heard.forms.map((form) => form.channels));
  // It went on with more than it began with, which asks for another bit rate, and for another downmix.
  if (channels > facts.channels)
    return encodeAtLevel(machine, source, { ...facts, channels }, plan, onProgress);
  let { level } = planned;
  let made = level && (await measureMade(machine, encoded.audio));
  let missed = level && made && corrected(level, made, 'encoded');
  for (let i = 0; i < mostCorrections && missed && planned.again; i++) {
    if (level?.isLoudest && level.limitDb === missed.limitDb) break;
    const again = await planned.again(missed);
    level = again.level;
    encoded = await encodeAudio(machine, source, facts, again, progress(level));
    made = await measureMade(machine, encoded.audio);
    missed = corrected(level, made, 'encoded');
  }
  const { given } = planned;
  const warnings = [...facts.warnings, ...warningsOf(encoded.heard)];
  if (given && given.notNumbers > 0) warnings.push(notNumbers(given.notNumbers));
  if (missed && made) warnings.push(outOfReach(missed.target, made));
  if (encoded.faults > 1) warnings.push(damaged);
  return {
    audio: encoded.audio,
    forms: encoded.heard.forms,
    given: { ...told(facts), ...(given ? loudnessOf(given) : {}) },
    made: made ? loudnessOf(made) : {},
    warnings,
  };
}

const notNumbers = (count: number) =>
  count === 1
    ? '1 sample of the audio file is not a number (NaN or infinite): it is silent.'
    : `${count} samples of the audio file are not numbers (NaN or infinite): they are silent.`;
const outOfReach = (target: number, made: Loudness) =>
  `The loudness asked for is out of reach: the video is at ${made.loudness.toFixed(1)} LUFS instead of ${target}, with a true peak of ${made.truePeak.toFixed(1)} dBTP. Ask for less.`;
const damaged =
  'Parts of the audio file are damaged and could not be decoded. Listen to the video, or export the sound again.';

/** Each encoding takes a part of what the ones before have left. */
function inParts(onProgress: (fraction: number) => void) {
  let from = 0;
  return (level?: Level) => {
    const share = level ? encodingShare[level.limitDb === undefined ? 'level' : 'limited'] : 1;
    const [start, part] = [from, (1 - from) * share];
    from += part;
    return (done: number) => onProgress(start + part * Math.min(1, done));
  };
}

/** Silence has no loudness. */
function loudnessOf({ loudness, truePeak }: Loudness): Partial<Loudness> {
  return Number.isFinite(loudness) && Number.isFinite(truePeak) ? { loudness, truePeak } : {};
}

async function measureMade(machine: Machine, audio: AacAudio) {
  const path = join(machine.dir, 'audio-made.aac');
  await writeAdts(audio, path, machine.signal);
  const input = { path, options: ['-f', 'aac'], seconds: audio.samples / audio.sampleRate };
  return measureAudio(machine, input, []);
}
