import type { VideoFacts } from '../../src/targets/target.ts';
import type { Movie } from './mp4/movie.ts';
import type { Frame } from './picture/compose_frame.ts';
import { frameRate, type PictureTrack } from './picture/picture_track.ts';

/** What was found in the caller's files, as the job shows it to its caller. */
export type InputFacts = {
  /** Upright, in pixels. */
  image: { width: number; height: number };
  audio: {
    codec?: string;
    /** Hertz. */
    sampleRate: number;
    channels: number;
    seconds: number;
    /** Integrated, in LUFS, and the true peak in dBTP, if measured. */
    loudness?: number;
    truePeak?: number;
  };
};

/** What the rules of places are compared with. */
export function videoFactsOf({ picture, sound, noEditLists }: Movie, bytes: number): VideoFacts {
  const { width, height } = picture;
  return {
    seconds: sound.samples / sound.sampleRate,
    bytes,
    ...{ width, height },
    frameRate: frameRate,
    keyFrameSeconds: longestGroup(picture) / frameRate,
    // The sound's edit list: the picture never has one.
    editLists: noEditLists ? 0 : 1,
    sampleRate: sound.sampleRate,
    channels: sound.channels,
  };
}

function longestGroup(picture: PictureTrack): number {
  let longest = 0;
  let key = 0;
  for (let frame = 1; frame <= picture.frames; frame++) {
    if (frame < picture.frames && !picture.isKey(frame)) continue;
    longest = Math.max(longest, frame - key);
    key = frame;
  }
  return longest;
}

/** The shorter side of the smallest videos that places for videos offer. */
const smallest = 240;

/** Sentences about the picture that the caller may want to act on. */
export function pictureWarnings({
  source,
  scale,
  width,
  height,
}: Pick<Frame, 'source' | 'scale' | 'width' | 'height'>): string[] {
  const pixels = `${source.width}×${source.height} pixels`;
  if (scale > 2)
    return [
      `The image is small: its ${pixels} are enlarged to more than twice their size for a video of ${width}×${height}. Send a larger one.`,
    ];
  if (Math.min(width, height) < smallest)
    return [
      `The image is small: the video made of its ${pixels} is only ${width}×${height}. Send a larger one.`,
    ];
  return [];
}
