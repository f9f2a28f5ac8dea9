import { join } from 'node:path';
import type { AudioType } from '../../src/media_type.ts';
import { videoOptions } from '../../src/video_options.ts';
import type { AacAudio } from '../../worker/media/mp4/read.ts';
import { recipeFor, type SoundPlan } from '../../worker/media/recipe.ts';
import { writeAdts } from '../../worker/media/sound/adts.ts';
import { prepareSound } from '../../worker/media/sound/prepare_sound.ts';
import type { Cleanup } from './database.ts';
import { soundOf, type Wanted } from './decode.ts';
import { box, ffmpegPath, ffprobePath, folder, within } from './media.ts';

/** Encodes the sound as a video gets it, without the rest of the video; `path` is that of its first piece. */
export async function encodeSound(
  t: Cleanup,
  path: string,
  type: AudioType,
  o: Partial<SoundPlan> & { threads?: number; mayCopy?: boolean; maxAudioSeconds?: number } = {},
) {
  const { threads = 1, mayCopy = false, maxAudioSeconds = 3600, ...plan } = o;
  const machine = {
    ...{ ffmpegPath, ffprobePath, box, threads, maxAudioSeconds, dir: await folder(t) },
    signal: new AbortController().signal,
  };
  const file = { path: await within(machine.dir, path), type };
  const usual = recipeFor(videoOptions.parse({})).sound;
  const wanted = { sound: { ...usual, ...plan }, noEditLists: false };
  const sound = await prepareSound(machine, file, wanted, () => {}, mayCopy);
  return { ...sound, path: sound.audio.files[0]?.path ?? '' };
}

/** What is heard of all its packets, in pieces or not: to be decoded, and filtered by ffmpeg. */
export async function heardOf(
  t: Cleanup,
  audio: AacAudio,
  filters: string[] = [],
): Promise<Wanted<Float32Array>> {
  const path = join(await folder(t), 'made.aac');
  await writeAdts(audio, path, new AbortController().signal);
  const { priming, samples } = audio;
  const heard = `atrim=start_sample=${priming}:end_sample=${priming + samples}`;
  return soundOf(path, ['-af', [heard, ...filters].join()], ['-f', 'aac']);
}

/** The level of one channel of interleaved stereo, in dB below full scale, between two seconds. */
export function levelOf(stereo: Float32Array, side: 0 | 1, rate: number, from: number, to: number) {
  let power = 0;
  for (let i = Math.round(from * rate); i < to * rate; i++)
    power += (stereo[2 * i + side] ?? 0) ** 2;
  return 10 * Math.log10(power / ((to - from) * rate));
}
