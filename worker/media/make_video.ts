import { join } from 'node:path';
import type { AudioType, ImageType } from '../../src/media_type.ts';
import type { VideoFacts } from '../../src/targets/target.ts';
import { type VideoOptions, videoOptions } from '../../src/video_options.ts';
import { MediaError, machineError, RenderError } from './errors.ts';
import { type InputFacts, pictureWarnings, videoFactsOf } from './facts.ts';
import type { Machine } from './machine.ts';
import type { Movie } from './mp4/movie.ts';
import { framesFor } from './mp4/plan.ts';
import { withoutPriming } from './mp4/priming.ts';
import type { AacAudio } from './mp4/read.ts';
import { writeMp4 } from './mp4/write.ts';
import {
  captionsOf,
  captionWarnings,
  readCaptions,
  writeCaptions,
} from './picture/captions/caption_file.ts';
import { requireFonts } from './picture/captions/scripts.ts';
import { composeInBox } from './picture/compose_in_box.ts';
import { isMoving, preparePicture } from './picture/prepare_picture.ts';
import { promisedBy, proveVideo } from './prove.ts';
import { type Recipe, recipeFor } from './recipe.ts';
import { openAudio } from './sound/open_audio.ts';
import { type AudioFacts, probeAudio } from './sound/probe.ts';
import { copyAudio, encodeAudio } from './sound/sound.ts';
import { together } from './together.ts';

export { MediaError, RenderError } from './errors.ts';

export type MakeVideoOptions = Machine & {
  imagePath: string;
  /** What their bytes were recognised as: they name decoder and demuxer, which are not to guess. */
  imageType: ImageType;
  audioPath: string;
  audioType: AudioType;
  /** Gets the share of the audio that is done, 0 to 1; it never goes back. */
  onProgress(fraction: number): void;
  /** SubRip or WebVTT, which was read without a fault before. */
  captionsPath?: string;
  /** Default: none. */
  options?: VideoOptions;
};

export type MadeVideo = {
  videoPath: string;
  /** A JPEG of the fitted picture. */
  posterPath: string;
  /** WebVTT, where captions can be switched on and off. */
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
};

/** What comes before and after the encoding, as shares of the work on long audio. */
const PROBING_SHARE = 0.05;
const WRITING_SHARE = 0.03;
/** What encoding every frame is of all the work. */
const MOVING_SHARE = 0.8;
const GRACE_SECONDS = 1;

/**
 * Makes a video of one picture and one audio file, as long as the audio when it is decoded.
 * Throws MediaError when the caller's files are at fault, RenderError when this machine is.
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
  const report = neverBack(o.onProgress);
  const posterPath = join(o.dir, 'poster.jpg');
  const soundShare = isMoving(recipe) ? 1 - MOVING_SHARE : 1;
  const [prepared, sound] = await together(
    o.signal,
    async (signal) => {
      const frame = await composeInBox({ ...o, signal }, o.imagePath, o.imageType, recipe.canvas);
      const source = { path: o.audioPath, type: o.audioType };
      const prepared = await preparePicture(
        { ...o, signal },
        frame,
        source,
        recipe,
        posterPath,
        burned,
      );
      return { ...prepared, image: frame.source, warnings: pictureWarnings(frame) };
    },
    (signal) => prepareSound({ ...o, signal }, recipe, (done) => report(soundShare * done)),
  );
  const assemble = async (audio: AacAudio) => {
    const picture = await prepared.track(framesFor(audio), (done) =>
      report((1 - WRITING_SHARE) * (soundShare + (1 - soundShare) * done)),
    );
    return writeAndProve(o, recipe, { picture, sound: audio, captions: track }, report);
  };
  const video = await assemble(sound.audio).catch(async (error) => {
    // What was only copied may be damaged inside: then it is worth decoding after all.
    if (!sound.copied || !(error instanceof RenderError)) throw error;
    return assemble(await sound.encode());
  });
  const { width, height } = prepared.image;
  const input = { image: { width, height }, audio: sound.facts };
  const warnings = [
    ...prepared.warnings,
    ...sound.warnings,
    ...captionWarnings(cues, video.audioSeconds),
  ];
  const captionsPath = track && (await writeCaptions(track.cues, o.dir));
  return { ...video, posterPath, captionsPath, input, warnings };
}

async function prepareSound(
  o: MakeVideoOptions,
  recipe: Recipe,
  report: (fraction: number) => void,
) {
  const source = await openAudio(o, { path: o.audioPath, type: o.audioType });
  let seen: AudioFacts | undefined;
  const encode = async () => {
    const facts = await probeAudio(o, source);
    seen = facts;
    refuseLonger(o, facts.seconds);
    report(PROBING_SHARE);
    const encodingShare = 1 - PROBING_SHARE - WRITING_SHARE;
    const encoded = await encodeAudio(o, source, facts, recipe.sound, (done) =>
      report(PROBING_SHARE + encodingShare * done),
    );
    const fitting = fitted(encoded, recipe);
    if (!fitting) throw machineError(`the encoder's run-up of ${encoded.priming} samples`);
    return fitting;
  };
  const own = await copyAudio(source, o.signal);
  const copied = own && fitted(own, recipe);
  const audio = copied ?? (await encode());
  refuseLonger(o, audio.samples / audio.sampleRate);
  const asItIs = {
    codec: 'aac',
    seconds: audio.samples / audio.sampleRate,
    warnings: source.warnings,
  };
  const { codec, sampleRate, channels, seconds, warnings } = seen ?? { ...audio, ...asItIs };
  return {
    audio,
    copied: copied !== undefined,
    encode,
    facts: { codec, sampleRate, channels, seconds },
    warnings,
  };
}

/** The sound as the recipe wants it packed; undefined where it has to be encoded for that. */
function fitted(audio: AacAudio, { sound, noEditLists }: Recipe): AacAudio | undefined {
  if (sound.sampleRate && audio.sampleRate !== sound.sampleRate) return undefined;
  return noEditLists ? withoutPriming(audio) : audio;
}

async function writeAndProve(
  o: MakeVideoOptions,
  recipe: Recipe,
  tracks: Pick<Movie, 'picture' | 'sound' | 'captions'>,
  report: (fraction: number) => void,
) {
  const { picture, sound } = tracks;
  const videoPath = join(o.dir, 'video.mp4');
  const { tags, leastBytes, noEditLists } = recipe;
  const movie = { ...tracks, tags, leastBytes, noEditLists };
  const { bytes, sha256 } = await writeMp4(videoPath, movie, o.signal, (done) =>
    report(1 - WRITING_SHARE * (1 - done)),
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

/** With a second's grace: encoders pad what they are given. */
function refuseLonger(o: MakeVideoOptions, seconds: number) {
  if (seconds >= o.maxAudioSeconds + GRACE_SECONDS) {
    const minutes = Number((o.maxAudioSeconds / 60).toFixed(2));
    throw new MediaError(`The audio is longer than ${minutes} minutes. Upload a shorter one.`);
  }
}

/** Tells each new high, so that progress never goes back. */
function neverBack(tell: (fraction: number) => void): (fraction: number) => void {
  let highest = 0;
  return (fraction) => {
    const capped = Math.min(1, fraction);
    if (!(capped > highest)) return;
    highest = capped;
    tell(capped);
  };
}
