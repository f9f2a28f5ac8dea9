import type { Cue } from '../../../src/captions/cue.ts';
import type { PictureTrack } from '../picture/picture_track.ts';
import type { Tags } from '../recipe.ts';
import type { AacAudio } from './read.ts';

/** What an MP4 file is made of. */
export type Movie = {
  picture: PictureTrack;
  sound: AacAudio;
  captions?: CaptionTrack;
  tags?: Tags;
  /** The file is filled up to so many bytes. */
  leastBytes?: number;
  /** No track has an edit list: the sound begins with its first packet (see `withoutPriming`). */
  noEditLists?: boolean;
};

export type CaptionTrack = {
  cues: Cue[];
  /** A BCP 47 tag. */
  language?: string;
  /** Players show it only when they are told to: the same captions are in the picture. */
  isOff?: boolean;
};
