import type { GivenOptions } from '../video_options.ts';
import type { SourceName } from './sources.ts';

/** What is measured in a finished video and compared with the rules of a place. */
export type VideoFacts = {
  seconds: number;
  bytes: number;
  width: number;
  height: number;
  frameRate: number;
  /** The longest time from one key frame to the next, or to the end. */
  keyFrameSeconds: number;
  editLists: number;
  sampleRate: number;
  channels: number;
};

export type RuleName =
  | 'length'
  | 'fileSize'
  | 'aspectRatio'
  | 'width'
  | 'height'
  | 'shorterSide'
  | 'longerSide'
  | 'frameRate'
  | 'keyFrameDistance'
  | 'editLists'
  | 'sampleRate'
  | 'channels';

/**
 * A number that a place requires: seconds, bytes, pixels, hertz, bits a second; a ratio is width by height.
 */
export type Limit = { rule: RuleName; least?: number; most?: number; source: SourceName };

/** Advice of a place, which no check enforces. */
export type Advice = { text: string; source: SourceName };

/** How the encoding differs from the usual. */
export type Encoding = {
  /** No edit lists: the encoder's run-up is removed instead. */
  noEditLists?: true;
  sampleRate?: 48_000;
  /** Seconds from one key frame to the next: least when they are light, most when they are heavy. */
  keySeconds?: { least: number; most: number };
  /** The file is padded to at least this many bytes. */
  leastBytes?: number;
};

/** A place of publication: the options it sets when the caller chose nothing, and its rules. */
export type Target = {
  title: string;
  options: GivenOptions;
  encoding: Encoding;
  limits: Limit[];
  advice: Advice[];
};
