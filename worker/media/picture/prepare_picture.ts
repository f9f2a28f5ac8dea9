import type { Machine } from '../machine.ts';
import type { Recipe } from '../recipe.ts';
import type { AudioFile } from '../sound/decoders.ts';
import { together } from '../together.ts';
import { type Frame, writePoster } from './compose_frame.ts';
import { movingTrack } from './moving_track.ts';
import type { PictureTrack } from './picture_track.ts';
import { encodeStill, stillTrack } from './still_track.ts';
import { encodeWaveform, measureWaveform } from './waveform.ts';
import { withWaveform } from './waveform_poster.ts';

export type PreparedPicture = {
  /** Makes the track once it is known how long it is. `onProgress` is called only where that takes long. */
  track(frames: number, onProgress: (fraction: number) => void): Promise<PictureTrack>;
};

/** Whether what is to be seen has to be encoded for as long as it lasts, and not once. */
export const isMoving = ({ waveform }: Recipe): boolean => waveform !== undefined;

/** Does what can be done before the length of the sound is known, and writes the poster. */
export async function preparePicture(
  machine: Machine,
  frame: Frame,
  source: AudioFile,
  recipe: Recipe,
  posterPath: string,
): Promise<PreparedPicture> {
  const { waveform, keySeconds } = recipe;
  if (waveform) {
    return {
      track: async (frames, onProgress) => {
        const measured = await measureWaveform(machine, source, waveform, frame, frames);
        await writePoster(await withWaveform(frame, measured), posterPath);
        const video = await encodeWaveform(machine, frame, measured, keySeconds, onProgress);
        return movingTrack(video, frames);
      },
    };
  }
  const [still] = await together(
    machine.signal,
    (signal) => encodeStill({ ...machine, signal }, frame),
    () => writePoster(frame, posterPath),
  );
  return { track: async (frames) => stillTrack(still, frames, keySeconds) };
}
