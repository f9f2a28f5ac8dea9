import type { AudioType } from '../../src/media_type.ts';
import { videoOptions } from '../../src/video_options.ts';
import { recipeFor, type SoundPlan } from '../../worker/media/recipe.ts';
import { prepareSound } from '../../worker/media/sound/prepare_sound.ts';
import type { Cleanup } from './database.ts';
import { box, decodeSound, ffmpegPath, ffprobePath, folder, within } from './media.ts';

/** Encodes the sound as a video gets it, in one piece and without the rest of the video. */
export async function encodeSound(
  t: Cleanup,
  path: string,
  type: AudioType,
  plan: Partial<SoundPlan> = {},
  threads = 1,
  mayCopy = false,
) {
  const machine = {
    ...{ ffmpegPath, ffprobePath, box, threads, maxAudioSeconds: 3600, dir: await folder(t) },
    signal: new AbortController().signal,
  };
  const file = { path: await within(machine.dir, path), type };
  const usual = recipeFor(videoOptions.parse({})).sound;
  const wanted = { sound: { ...usual, ...plan }, noEditLists: false };
  const sound = await prepareSound(machine, file, wanted, () => {}, mayCopy);
  const stereo = await decodeSound(sound.audio.files[0]?.path ?? '');
  return { ...sound, stereo };
}

/** The level of one channel of interleaved stereo, in dB below full scale, between two seconds. */
export function levelOf(stereo: Float32Array, side: 0 | 1, rate: number, from: number, to: number) {
  let power = 0;
  for (let i = Math.round(from * rate); i < to * rate; i++)
    power += (stereo[2 * i + side] ?? 0) ** 2;
  return 10 * Math.log10(power / ((to - from) * rate));
}

/** A WAV file of 16-bit PCM without names of channels; `chunks` stand before the sound, as they are. */
export function wav(
  { channels = 1, rate = 44_100, chunks = Buffer.alloc(0) },
  frames: number,
  sample: (frame: number, channel: number) => number,
): Buffer {
  const data = Buffer.alloc(frames * channels * 2);
  for (let i = 0; i < frames * channels; i++) {
    const value = sample(Math.floor(i / channels), i % channels);
    data.writeInt16LE(Math.round(32_767 * value), 2 * i);
  }
  const head = Buffer.alloc(32);
  head.write('WAVEfmt ', 0, 'latin1');
  head.writeUInt32LE(16, 8);
  head.writeUInt16LE(1, 12);
  head.writeUInt16LE(channels, 14);
  head.writeUInt32LE(rate, 16);
  head.writeUInt32LE(rate * channels * 2, 20);
  head.writeUInt16LE(channels * 2, 24);
  head.writeUInt16LE(16, 26);
  const size = (bytes: number) => {
    const field = Buffer.alloc(4);
    field.writeUInt32LE(bytes);
    return field;
  };
  const parts = [head.subarray(0, 28), chunks, Buffer.from('data'), size(data.length), data];
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from('RIFF'), size(body.length), body]);
}
