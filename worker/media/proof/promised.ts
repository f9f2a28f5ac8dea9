import type { Movie } from '../mp4/movie.ts';
import { frameRate } from '../picture/picture_track.ts';

export type Promised = {
  width: number;
  height: number;
  /** Of the sound. */
  seconds: number;
  frames: number;
  /** The first and the last frame at which decoding can begin. */
  keys: [number, number];
  /** Whether the frames between two keys are everywhere the same. */
  groupsAreAlike: boolean;
  hasCaptions: boolean;
  editLists: boolean;
  leastBytes: number;
};

export function promisedBy({ picture, sound, captions, ...movie }: Movie): Promised {
  const { width, height, frames, groupsAreAlike = false } = picture;
  let last = frames - 1;
  while (!picture.isKey(last)) last--;
  return {
    ...{ width, height, frames, keys: [0, last], groupsAreAlike },
    seconds: sound.samples / sound.sampleRate,
    hasCaptions: captions?.cues.some((cue) => cue.fromMs < (frames * 1000) / frameRate) ?? false,
    editLists: !movie.noEditLists,
    leastBytes: movie.leastBytes ?? 0,
  };
}
