import { join } from 'node:path';
import type { VideoFacts } from '../../src/targets/target.ts';
import { RenderError } from './errors.ts';
import { videoFactsOf } from './facts.ts';
import type { Machine } from './machine.ts';
import type { CaptionTrack } from './mp4/movie.ts';
import { framesFor } from './mp4/plan.ts';
import { writeMp4 } from './mp4/write.ts';
import { audioOf, type DescribedPicture, type Inputs } from './prepare_tracks.ts';
import { promisedBy } from './proof/promised.ts';
import { proveVideo } from './proof/prove_video.ts';
import type { Recipe } from './recipe.ts';
import { type PreparedSound, prepareSound } from './sound/prepare_sound.ts';
import type { VideoProgress } from './video_progress.ts';

export type AssembledVideo = {
  videoPath: string;
  width: number;
  height: number;
  /** Length of the decoded audio. */
  audioSeconds: number;
  bytes: number;
  /** SHA-256 of the video, hexadecimal. */
  sha256: string;
  facts: VideoFacts;
};

type Parts = {
  recipe: Recipe;
  picture: DescribedPicture;
  sound: PreparedSound;
  captions?: CaptionTrack;
};

/** Makes the picture as long as the sound, writes both as one file, and proves it. */
export async function assemble(
  o: Machine & Inputs,
  parts: Parts,
  progress: VideoProgress,
): Promise<AssembledVideo> {
  try {
    return await writeAndProve(o, parts, progress);
  } catch (error) {
    // Copied packets may be damaged inside. In that case decoding is worth a try.
    if (!parts.sound.copied || !(error instanceof RenderError)) throw error;
    const sound = await prepareSound(o, audioOf(o), parts.recipe, () => {}, false);
    return writeAndProve(o, { ...parts, sound }, progress);
  }
}

async function writeAndProve(
  o: Machine,
  { recipe, picture, sound: { audio, source }, captions }: Parts,
  progress: VideoProgress,
): Promise<AssembledVideo> {
  const track = await picture.track(framesFor(audio), source, (done) => progress.picture(done));
  const videoPath = join(o.dir, 'video.mp4');
  const { tags, leastBytes, noEditLists } = recipe;
  const movie = { picture: track, sound: audio, captions, tags, leastBytes, noEditLists };
  const { bytes, sha256 } = await writeMp4(videoPath, movie, o.signal, (done) =>
    progress.writing(done),
  );
  await proveVideo(o, videoPath, promisedBy(movie));
  return {
    videoPath,
    width: track.width,
    height: track.height,
    audioSeconds: audio.samples / audio.sampleRate,
    bytes,
    sha256,
    facts: videoFactsOf(movie, bytes),
  };
}
