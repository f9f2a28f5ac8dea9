import type { Machine } from '../machine.ts';
import type { CaptionTrack } from '../mp4/movie.ts';
import type { Recipe } from '../recipe.ts';
import type { AudioFile } from '../sound/decoders.ts';
import { together } from '../together.ts';
import { inParts } from './captions/in_parts.ts';
import { atCanvasSize, type Frame, writePoster } from './compose_frame.ts';
import { encodeScene } from './moving_scene.ts';
import { movingTrack } from './moving_track.ts';
import { frameRate, type PictureTrack } from './picture_track.ts';
import { isMoving, levelsShare, pictureWork } from './picture_work.ts';
import { slideTrack } from './slide_track.ts';
import { encodeStill, stillTrack } from './still_track.ts';
import { encodeWaveform, measureWaveform } from './waveform.ts';
import { withWaveform } from './waveform_poster.ts';
import { scrimUnder, withScrim } from './waveform_scrim.ts';

export type PreparedPicture = {
  /**
   * Makes the track once it is known how long it is, and what the sound is read from, which a waveform shows.
   * `onProgress` is called only where that takes long.
   */
  track(
    frames: number,
    sound: AudioFile,
    onProgress: (fraction: number) => void,
  ): Promise<PictureTrack>;
};

/** Does what can be done before the length of the sound is known. The poster is ready when the track is. */
export async function preparePicture(
  machine: Machine,
  frame: Frame,
  recipe: Recipe,
  posterPath: string,
  given?: CaptionTrack,
): Promise<PreparedPicture> {
  const captions = given && { ...given, cues: inParts(given.cues, frame.canvas) };
  if (!isMoving(recipe)) return prepareStill(machine, frame, recipe, posterPath, captions);
  const { motion, waveform: wanted, keySeconds } = recipe;
  const work = pictureWork(recipe, frame.canvas, captions !== undefined);
  return {
    track: async (frames, sound, onProgress) => {
      const whole = await atCanvasSize(frame);
      const measuring = wanted ? levelsShare(work, frames / frameRate) : 0;
      const onFrame = (done: number) => onProgress(measuring + (1 - measuring) * done);
      const waveform =
        wanted &&
        (await measureWaveform(machine, sound, wanted, whole, frames, (done) =>
          onProgress(measuring * done),
        ));
      const scrim = waveform && scrimUnder(whole, waveform.place, waveform.color);
      const still = scrim ? withScrim(whole, scrim) : whole;
      await writePoster(waveform ? await withWaveform(still, waveform) : still, posterPath);
      if (waveform && motion === 'none' && !captions) {
        const video = await encodeWaveform(machine, still, waveform, keySeconds, onFrame);
        return movingTrack(video, frames);
      }
      const background = motion === 'none' ? { frame: still } : { frame, motion, scrim };
      const scene = { ...background, waveform, captions };
      const video = await encodeScene(machine, scene, frames, keySeconds, onFrame);
      return movingTrack(video, frames);
    },
  };
}

async function prepareStill(
  machine: Machine,
  frame: Frame,
  { keySeconds }: Recipe,
  posterPath: string,
  captions: CaptionTrack | undefined,
): Promise<PreparedPicture> {
  const [still] = await together(
    machine.signal,
    (signal) => encodeStill({ ...machine, signal }, frame),
    () => writePoster(frame, posterPath),
  );
  return {
    track: async (frames) =>
      captions
        ? slideTrack(machine, { frame, still, ...captions }, frames, keySeconds)
        : stillTrack(still, frames, keySeconds),
  };
}
