import { join } from 'node:path';
import { type VideoOptions, videoOptions } from '../../src/video_options.ts';
import { type AssembledVideo, assemble } from './assemble.ts';
import { MediaError, machineError, RenderError } from './errors.ts';
import type { InputFacts } from './facts.ts';
import type { Machine } from './machine.ts';
import {
  captionsOf,
  captionWarnings,
  readCaptions,
  writeCaptions,
} from './picture/captions/caption_file.ts';
import { requireFonts } from './picture/captions/scripts.ts';
import { type Inputs, prepareTracks } from './prepare_tracks.ts';
import { recipeFor } from './recipe.ts';
import type { Loudness } from './sound/loudness.ts';
import { VideoProgress } from './video_progress.ts';

export { MediaError, RenderError } from './errors.ts';

export type MakeVideoOptions = Machine &
  Inputs & {
    /** Receives the finished share of the audio, 0 to 1; it never goes back. */
    onProgress(fraction: number): void;
    /** SubRip or WebVTT that has already been parsed without errors. */
    captionsPath?: string;
    /** Default: none. */
    options?: VideoOptions;
  };

export type MadeVideo = AssembledVideo & {
  /** A JPEG of the fitted picture. */
  posterPath: string;
  /** WebVTT, when captions can be switched on and off. */
  captionsPath?: string;
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
  const { picture, sound } = await prepareTracks(o, { recipe, burned, posterPath }, progress);
  const video = await assemble(o, { recipe, picture, sound, captions: track }, progress);
  const { width, height } = picture.source;
  return {
    ...video,
    posterPath,
    captionsPath: track && (await writeCaptions(track.cues, o.dir)),
    input: { image: { width, height }, audio: sound.given },
    output: sound.made,
    warnings: [
      ...picture.warnings,
      ...sound.warnings,
      ...captionWarnings(cues, video.audioSeconds),
    ],
  };
}
