import type { Cue } from '../../../src/captions/cue.ts';
import type { PictureTrack } from '../picture/picture_track.ts';
import type { Tags } from '../recipe.ts';
import type { AacAudio } from './read.ts';

/** The contents of an MP4 file. */
export type Movie = {
  picture: PictureTrack;
  sound: AacAudio;
  captions?: CaptionTrack;
  tags?: Tags;
  /** The file is padded to at least this many bytes. */
  leastBytes?: number;
  /** No track has an edit list: the sound starts with its first packet (see `withoutPriming`). */
  noEditLists?: boolean;
};

export type CaptionTrack = {
  cues: Cue[];
  /** A BCP 47 tag. */
  language?: string;
  /** Players show it only on request, because the same captions are in the picture. */
  isOff?: boolean;
};
