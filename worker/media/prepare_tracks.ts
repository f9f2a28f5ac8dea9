import type { AudioType, ImageType } from '../../src/media_type.ts';
import { pictureWarnings } from './facts.ts';
import { createSharedRun } from './ffmpeg/shared_run.ts';
import type { Machine } from './machine.ts';
import type { CaptionTrack } from './mp4/movie.ts';
import type { Frame } from './picture/compose_frame.ts';
import { composeInBox } from './picture/compose_in_box.ts';
import { isMoving, pictureWork } from './picture/picture_work.ts';
import { type PreparedPicture, preparePicture } from './picture/prepare_picture.ts';
import type { Recipe } from './recipe.ts';
import { type PreparedSound, prepareSound } from './sound/prepare_sound.ts';
import { together } from './together.ts';
import type { VideoProgress } from './video_progress.ts';

/** The caller's files. The types recognised from their bytes select decoder and demuxer, which must not guess. */
export type Inputs = {
  imagePath: string;
  imageType: ImageType;
  audioPath: string;
  audioType: AudioType;
};

export type DescribedPicture = PreparedPicture & {
  source: Frame['source'];
  /** Sentences that the caller may want to act on. */
  warnings: string[];
};

type Wanted = { recipe: Recipe; burned?: CaptionTrack; posterPath: string };

/** Decodes and encodes picture and sound, both at the same time. */
export async function prepareTracks(
  o: Machine & Inputs,
  { recipe, burned, posterPath }: Wanted,
  progress: VideoProgress,
): Promise<{ picture: DescribedPicture; sound: PreparedSound }> {
  const machine = isMoving(recipe) ? o : { ...o, sharedRun: createSharedRun() };
  const [picture, sound] = await together(
    o.signal,
    async (signal) => {
      const frame = await composeInBox({ ...o, signal }, o.imagePath, o.imageType, recipe.canvas);
      progress.expectPicture(pictureWork(recipe, frame.canvas, burned !== undefined));
      const within = { ...machine, signal };
      const prepared = await preparePicture(within, frame, recipe, posterPath, burned);
      return { ...prepared, source: frame.source, warnings: pictureWarnings(frame) };
    },
    (signal) =>
      prepareSound({ ...machine, signal }, audioOf(o), recipe, (done, work) =>
        progress.sound(done, work),
      ),
  );
  return { picture, sound };
}

export const audioOf = ({ audioPath, audioType }: Inputs) => ({ path: audioPath, type: audioType });
