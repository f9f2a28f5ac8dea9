import { join } from 'node:path';
import type { AudioType, ImageType } from '../../src/media_type.ts';
import type { VideoFacts } from '../../src/targets/target.ts';
import { type VideoOptions, videoOptions } from '../../src/video_options.ts';
import { MediaError, machineError, RenderError } from './errors.ts';
import { type InputFacts, pictureWarnings, videoFactsOf } from './facts.ts';
import { createSharedRun } from './ffmpeg/shared_run.ts';
import type { Machine } from './machine.ts';
import type { Movie } from './mp4/movie.ts';
import { framesFor } from './mp4/plan.ts';
import { writeMp4 } from './mp4/write.ts';
import {
  captionsOf,
  captionWarnings,
  readCaptions,
  writeCaptions,
} from './picture/captions/caption_file.ts';
import { requireFonts } from './picture/captions/scripts.ts';
import { composeInBox } from './picture/compose_in_box.ts';
import { isMoving, pictureWork } from './picture/picture_work.ts';
import { preparePicture } from './picture/prepare_picture.ts';
import { promisedBy } from './proof/promised.ts';
import { proveVideo } from './proof/prove_video.ts';
import { type Recipe, recipeFor } from './recipe.ts';
import type { Loudness } from './sound/loudness.ts';
import { type PreparedSound, prepareSound } from './sound/prepare_sound.ts';
import { together } from './together.ts';
import { VideoProgress } from './video_progress.ts';

export { MediaError, RenderError } from './errors.ts';

export type MakeVideoOptions = Machine & {
  imagePath: string;
  /** The types recognised from their bytes. They select decoder and demuxer, which must not guess. */
  imageType: ImageType;
  audioPath: string;
  audioType: AudioType;
  /** Receives the finished share of the audio, 0 to 1; it never goes back. */
  onProgress(fraction: number): void;
  /** SubRip or WebVTT that has already been parsed without errors. */
  captionsPath?: string;
  /** Default: none. */
  options?: VideoOptions;
};

export type MadeVideo = {
  videoPath: string;
  /** A JPEG of the fitted picture. */
  posterPath: string;
  /** WebVTT, when captions can be switched on and off. */
  captionsPath?: string;
  width: number;
  height: number;
  /** Length of the decoded audio. */
  audioSeconds: number;
  bytes: number;
  /** SHA-256 of the video, hexadecimal. */
  sha256: string;
  facts: VideoFacts;
  input: InputFacts;
  /** Sentences that the caller may want to act on. */
  warnings: string[];
  /** Of the sound that was made, if a loudness was requested. */
  output: Partial<Loudness>;
};

/**
 * Makes a video of one picture and one audio file, as long as the decoded audio. Throws MediaError when the
 * caller's files are at fault, RenderError when this machine is.
 */
export async function makeVideo(o: MakeVideoOptions): Promise<MadeVideo> {
  try {
    return await make(o);
  } catch (error) {
    o.signal.throwIfAborted();
    if (error instanceof MediaError || error instanceof RenderError) throw error;
    throw machineError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

async function make(o: MakeVideoOptions): Promise<MadeVideo> {
  const cues = o.captionsPath ? await readCaptions(o.captionsPath) : undefined;
  const recipe = recipeFor(o.options ?? videoOptions.parse({}), cues !== undefined);
  const { burned, track } = captionsOf(recipe, cues);
  if (burned) await requireFonts(burned.cues);
  const progress = new VideoProgress(o.onProgress);
  const posterPath = join(o.dir, 'poster.jpg');
  const file = { path: o.audioPath, type: o.audioType };
  const machine = isMoving(recipe) ? o : { ...o, sharedRun: createSharedRun() };
  const [prepared, sound] = await together(
    o.signal,
    async (signal) => {
      const frame = await composeInBox({ ...o, signal }, o.imagePath, o.imageType, recipe.canvas);
      progress.expectPicture(pictureWork(recipe, frame.canvas, burned !== undefined));
      const prepared = await preparePicture(
        { ...machine, signal },
        frame,
        recipe,
        posterPath,
        burned,
      );
      return { ...prepared, image: frame.source, warnings: pictureWarnings(frame) };
    },
    (signal) =>
      prepareSound({ ...machine, signal }, file, recipe, (done, work) =>
        progress.sound(done, work),
      ),
  );
  const assemble = async ({ audio, source }: PreparedSound) => {
    const picture = await prepared.track(framesFor(audio), source, (done) =>
      progress.picture(done),
    );
    return writeAndProve(o, recipe, { picture, sound: audio, captions: track }, progress);
  };
  const video = await assemble(sound).catch(async (error) => {
    // Copied packets may be damaged inside. In that case decoding is worth a try.
    if (!sound.copied || !(error instanceof RenderError)) throw error;
    return assemble(await prepareSound(o, file, recipe, () => {}, false));
  });
  const { width, height } = prepared.image;
  const input = { image: { width, height }, audio: sound.given };
  const warnings = [
    ...prepared.warnings,
    ...sound.warnings,
    ...captionWarnings(cues, video.audioSeconds),
  ];
  const captionsPath = track && (await writeCaptions(track.cues, o.dir));
  return { ...video, posterPath, captionsPath, input, output: sound.made, warnings };
}

async function writeAndProve(
  o: MakeVideoOptions,
  recipe: Recipe,
  tracks: Pick<Movie, 'picture' | 'sound' | 'captions'>,
  progress: VideoProgress,
) {
  const { picture, sound } = tracks;
  const videoPath = join(o.dir, 'video.mp4');
  const { tags, leastBytes, noEditLists } = recipe;
  const movie = { ...tracks, tags, leastBytes, noEditLists };
  const { bytes, sha256 } = await writeMp4(videoPath, movie, o.signal, (done) =>
    progress.writing(done),
  );
  await proveVideo(o, videoPath, promisedBy(movie));
  const audioSeconds = sound.samples / sound.sampleRate;
  return {
    videoPath,
    width: picture.width,
    height: picture.height,
    audioSeconds,
    bytes,
    sha256,
    facts: videoFactsOf(movie, bytes),
  };
}
