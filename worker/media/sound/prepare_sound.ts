import { MediaError, machineError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import { withoutPriming } from '../mp4/priming.ts';
import type { AacAudio } from '../mp4/read.ts';
import type { Recipe } from '../recipe.ts';
import type { SoundWork } from '../video_progress.ts';
import { copyAudio, listenToCopy } from './copy_audio.ts';
import type { AudioFile } from './decoders.ts';
import { type EncodedSound, encodeAtLevel } from './encode_at_level.ts';
import { warningsOf } from './listen.ts';
import { type OpenedAudio, openAudio } from './open_audio.ts';
import { type AudioFacts, probeAudio, told } from './probe.ts';
import { isConfirmed, readFacts } from './read_facts.ts';

export type PreparedSound = Omit<EncodedSound, 'forms'> & {
  /** The caller's file as decoders can read it: the one to read for whatever else is made of it. */
  source: AudioFile;
  /** Whether the packets are the file's own. */
  copied: boolean;
};

type Wanted = Pick<Recipe, 'sound' | 'noEditLists'>;
type OnProgress = (fraction: number, of: SoundWork) => void;

/** The share of probing in the work on long audio. */
const probingShare = 0.05;
const graceSeconds = 1;
/** The work for each second, as measured; that of a loudness is a factor. */
const costs = { encoded: 1, mono: 0.4, levelled: 1.7, copied: 0.1 };

/**
 * Makes the sound of the video: copies packets that are already suitable (`mayCopy`), else decodes and
 * encodes. Throws MediaError when the file is at fault.
 */
export async function prepareSound(
  machine: Machine,
  file: AudioFile,
  wanted: Wanted,
  onProgress: OnProgress,
  mayCopy = true,
): Promise<PreparedSound> {
  const source = await openAudio(machine, file);
  const own = mayCopy && wanted.sound.loudness === 'keep' && copyAudio(source);
  const fitting = own ? fitted(own, wanted) : undefined;
  if (fitting) {
    refuseLonger(machine, fitting.samples / fitting.sampleRate);
    const whole = fitting.samples / fitting.sampleRate;
    const seen = await listenToCopy(machine, source, fitting, (done) =>
      onProgress(done / whole, { seconds: whole, work: costs.copied * whole }),
    );
    const warnings = seen && [...seen.warnings, ...warningsOf(seen.heard)];
    if (seen && warnings) {
      return { audio: fitting, source, copied: true, given: told(seen), made: {}, warnings };
    }
  }
  const simple = await readFacts(source);
  const sound =
    (simple && (await encodeAsTold(machine, source, simple, wanted, onProgress))) ??
    (await probeAndEncode(machine, source, wanted, onProgress));
  const audio = fitted(sound.audio, wanted);
  if (!audio) throw machineError(`the encoder's run-up of ${sound.audio.priming} samples`);
  refuseLonger(machine, audio.samples / audio.sampleRate);
  return { ...sound, audio, source, copied: false };
}

async function probeAndEncode(
  machine: Machine,
  source: OpenedAudio,
  wanted: Wanted,
  onProgress: OnProgress,
): Promise<EncodedSound> {
  const facts = await probeAudio(machine, source);
  refuseLonger(machine, facts.seconds);
  const work = encodingWork(facts, wanted);
  onProgress(probingShare, work);
  return encodeAtLevel(machine, source, facts, wanted.sound, (done) =>
    onProgress(probingShare + (1 - probingShare) * done, work),
  );
}

/** Undefined when the decoder cannot read the file, or makes something else of it than its headers say. */
async function encodeAsTold(
  machine: Machine,
  source: OpenedAudio,
  facts: AudioFacts,
  wanted: Wanted,
  onProgress: OnProgress,
): Promise<EncodedSound | undefined> {
  refuseLonger(machine, facts.seconds);
  try {
    const work = encodingWork(facts, wanted);
    const sound = await encodeAtLevel(machine, source, facts, wanted.sound, (done) =>
      onProgress(done, work),
    );
    const { samples, sampleRate } = sound.audio;
    return isConfirmed(facts, sound.forms, samples / sampleRate) ? sound : undefined;
  } catch (error) {
    // Probing finds the words for what is wrong with it.
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

function encodingWork({ seconds, channels }: AudioFacts, { sound }: Wanted): SoundWork {
  const cost = channels === 1 ? costs.mono : costs.encoded;
  return { seconds, work: seconds * cost * (sound.loudness === 'keep' ? 1 : costs.levelled) };
}

/** The sound packed as the recipe requires; undefined when it must be encoded for that. */
function fitted(audio: AacAudio, { sound, noEditLists }: Wanted): AacAudio | undefined {
  if (sound.sampleRate && audio.sampleRate !== sound.sampleRate) return undefined;
  return noEditLists ? withoutPriming(audio) : audio;
}

/** With a grace of one second, because encoders pad their input. */
function refuseLonger({ maxAudioSeconds }: Machine, seconds: number) {
  if (seconds >= maxAudioSeconds + graceSeconds) {
    const minutes = Number((maxAudioSeconds / 60).toFixed(2));
    const length = minutes === 1 ? '1 minute' : `${minutes} minutes`;
    throw new MediaError(`The audio is longer than ${length}. Upload a shorter one.`);
  }
}
