import { join } from 'node:path';
import { MediaError, machineError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import { withoutPriming } from '../mp4/priming.ts';
import type { AacAudio } from '../mp4/read.ts';
import type { Recipe } from '../recipe.ts';
import { writeAdts } from './adts.ts';
import { copyAudio, listenToCopy } from './copy_audio.ts';
import type { AudioFile } from './decoders.ts';
import { warningsOf } from './listen.ts';
import { corrected, type Level } from './loudness.ts';
import { measureAudio } from './measure.ts';
import { type OpenedAudio, openAudio } from './open_audio.ts';
import { planEncoding } from './plan_encoding.ts';
import { type AudioFacts, probeAudio } from './probe.ts';
import { encodeAudio } from './sound.ts';

/** Integrated loudness in LUFS, and the true peak in dBTP, by EBU R 128. */
export type Loudness = { loudness: number; truePeak: number };

export type PreparedSound = {
  audio: AacAudio;
  /** The caller's file as decoders can read it: the one to read for whatever else is made of it. */
  source: AudioFile;
  /** Whether the packets are the file's own. */
  copied: boolean;
  /** Of the caller's file: the loudness only if it was measured. */
  given: Pick<AudioFacts, 'codec' | 'sampleRate' | 'channels' | 'seconds'> & Partial<Loudness>;
  /** Of the sound that was made, if a loudness was requested. */
  made: Partial<Loudness>;
  /** Sentences that the caller may want to act on. */
  warnings: string[];
};

type Wanted = Pick<Recipe, 'sound' | 'noEditLists'>;

/** The share of probing in the work on long audio. */
const probingShare = 0.05;
const graceSeconds = 1;

/**
 * Makes the sound of the video: copies packets that are already suitable (`mayCopy`), else decodes and
 * encodes. Throws MediaError when the file is at fault.
 */
export async function prepareSound(
  machine: Machine,
  file: AudioFile,
  wanted: Wanted,
  onProgress: (fraction: number) => void,
  mayCopy = true,
): Promise<PreparedSound> {
  const source = await openAudio(machine, file);
  const own =
    mayCopy && wanted.sound.loudness === 'keep' && (await copyAudio(source, machine.signal));
  const fitting = own ? fitted(own, wanted) : undefined;
  if (fitting) {
    refuseLonger(machine, fitting.samples / fitting.sampleRate);
    const whole = fitting.samples / fitting.sampleRate;
    const seen = await listenToCopy(machine, source, fitting, (done) => onProgress(done / whole));
    const warnings = seen && [...seen.warnings, ...warningsOf(seen.heard)];
    if (seen && warnings) {
      return { audio: fitting, source, copied: true, given: told(seen), made: {}, warnings };
    }
  }
  const facts = await probeAudio(machine, source);
  refuseLonger(machine, facts.seconds);
  onProgress(probingShare);
  const sound = await encodeAsWanted(machine, source, facts, wanted, (done) =>
    onProgress(probingShare + (1 - probingShare) * done),
  );
  const audio = fitted(sound.audio, wanted);
  if (!audio) throw machineError(`the encoder's run-up of ${sound.audio.priming} samples`);
  refuseLonger(machine, audio.samples / audio.sampleRate);
  return { ...sound, audio, source, copied: false };
}

const told = ({ codec, sampleRate, channels, seconds }: AudioFacts) => ({
  ...{ codec, sampleRate, channels, seconds },
});

/** The sound packed as the recipe requires; undefined when it must be encoded for that. */
function fitted(audio: AacAudio, { sound, noEditLists }: Wanted): AacAudio | undefined {
  if (sound.sampleRate && audio.sampleRate !== sound.sampleRate) return undefined;
  return noEditLists ? withoutPriming(audio) : audio;
}

/** How often sound is encoded again because the encoder missed the loudness. */
const mostCorrections = 3;
/** What one encoding is taken to be of all that is left to do: behind a limiter it mostly takes a second. */
const encodingShare = { limited: 0.6, level: 0.9 };

async function encodeAsWanted(
  machine: Machine,
  source: OpenedAudio,
  facts: AudioFacts,
  wanted: Wanted,
  onProgress: (fraction: number) => void,
): Promise<Omit<PreparedSound, 'source' | 'copied'>> {
  const planned = await planEncoding(machine, source, facts, wanted.sound);
  const progress = inParts(onProgress);
  let encoded = await encodeAudio(machine, source, facts, planned, progress(planned.level));
  const channels = Math.max(...encoded.heard.forms.map((form) => form.channels));
  // It went on with more than it began with, which asks for another bit rate, and for another downmix.
  if (channels > facts.channels)
    return encodeAsWanted(machine, source, { ...facts, channels }, wanted, onProgress);
  let { level } = planned;
  let made = level && (await measureMade(machine, encoded.audio));
  let missed = level && made && corrected(level, made, 'encoded');
  for (let i = 0; i < mostCorrections && missed && planned.again; i++) {
    const again = await planned.again(missed);
    level = again.level;
    encoded = await encodeAudio(machine, source, facts, again, progress(level));
    made = await measureMade(machine, encoded.audio);
    missed = corrected(level, made, 'encoded');
  }
  const { given } = planned;
  const warnings = [...facts.warnings, ...warningsOf(encoded.heard)];
  if (given && given.notNumbers > 0) warnings.push(notNumbers(given.notNumbers));
  if (missed && made) warnings.push(missedLoudness(missed.target, made));
  if (encoded.faults > 1) warnings.push(damaged);
  return {
    audio: encoded.audio,
    given: { ...told(facts), ...(given ? loudnessOf(given) : {}) },
    made: made ? loudnessOf(made) : {},
    warnings,
  };
}

const notNumbers = (count: number) =>
  `${count} samples of the audio file are no numbers (NaN or infinite): they are silent.`;
const missedLoudness = (target: number, made: Loudness) =>
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

/** With a grace of one second, because encoders pad their input. */
function refuseLonger({ maxAudioSeconds }: Machine, seconds: number) {
  if (seconds >= maxAudioSeconds + graceSeconds) {
    const minutes = Number((maxAudioSeconds / 60).toFixed(2));
    throw new MediaError(`The audio is longer than ${minutes} minutes. Upload a shorter one.`);
  }
}
