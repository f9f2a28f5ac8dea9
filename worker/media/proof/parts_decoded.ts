import { frameRate } from '../picture/picture_track.ts';
import type { Promised } from './promised.ts';

/** A part of the video, which begins with a key frame: what is decoded of it, and what must be among that. */
type Part = { from: number; to: number; reaches: number };

/** In the file a second of frames and a second of sound alternate: a little more than one reaches both. */
const second = 1;
const more = 0.2;

/**
 * What a proof decodes, in seconds: the start, and everything from the last key frame on. Where all groups are
 * alike, the start shows how the frames between two keys decode, so the beginning of the last group is enough.
 */
export function partsDecoded({ seconds, keys, groupsAreAlike }: Promised): Part[] {
  const last = keys[1] / frameRate;
  const start = partFrom(0);
  const end = groupsAreAlike
    ? partFrom(last)
    : { from: last, to: seconds + more, reaches: seconds };
  return last === 0 ? [groupsAreAlike ? start : end] : [start, end];
}

const partFrom = (from: number): Part => ({
  from,
  to: from + second + more,
  reaches: from + second,
});
