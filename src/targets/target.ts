import type { GivenOptions } from '../video_options.ts';
import type { SourceName } from './sources.ts';

/** What is measured of a finished video and held against the rules of a place. */
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

/** A number that a place asks for: seconds, bytes, pixels, hertz, bits a second; a ratio is width by height. */
export type Limit = { rule: RuleName; least?: number; most?: number; source: SourceName };

/** What a place advises and no check holds a video against. */
export type Advice = { text: string; source: SourceName };

/** How the file is encoded where it is not as usual. */
export type Encoding = {
  /** No edit lists: the encoder's run-up is left out instead. */
  noEditLists?: true;
  sampleRate?: 48_000;
  /** Seconds from one key frame to the next: least where they are light, most where they are heavy. */
  keySeconds?: { least: number; most: number };
  /** The file is filled up to so many bytes. */
  leastBytes?: number;
};

/** A place of publication: what it gets where the caller chose nothing, and what it asks for. */
export type Target = {
  title: string;
  options: GivenOptions;
  encoding: Encoding;
  limits: Limit[];
  advice: Advice[];
};
