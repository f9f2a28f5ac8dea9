import type { Cue } from '../../../../src/captions/cue.ts';
import { shownTogether } from '../../../../src/captions/shown.ts';
import { FRAME_RATE } from '../picture_track.ts';

/** The picture without captions. */
export const BARE = 0;

/** From one key frame to the next: which pictures are shown, from which of its frames on; the first from 0. */
export type Group = { at: number; picture: number }[];

export type SlidePlan = {
  /** What is shown on each picture; nothing on the first, BARE. */
  pictures: Cue[][];
  /** Groups that differ; those that are alike are coded once. */
  groups: Group[];
  /** For each group of the video, which of these it is. */
  order: number[];
};

/**
 * Plans a video of so many frames with a key frame each `distance` frames. A cue is on every frame whose
 * time lies in it: from its first moment, up to and without its last.
 */
export function planSlides(cues: Cue[], frames: number, distance: number): SlidePlan {
  const pictures: Cue[][] = [[]];
  const numbers = new Map<string, number>();
  const numberOf = (shown: Cue[]) => {
    const looks = JSON.stringify(shown.map(({ lines, top }) => [lines, top]));
    const number = numbers.get(looks) ?? pictures.push(shown) - 1;
    numbers.set(looks, number);
    return number;
  };
  const groups: Group[] = Array.from({ length: Math.ceil(frames / distance) }, () => []);
  let picture = BARE;
  const change = (frame: number, to: number) => {
    if (to === picture || frame >= frames) return;
    picture = to;
    const group = groups[Math.floor(frame / distance)];
    const at = frame % distance;
    if (group?.at(-1)?.at === at) group.pop();
    group?.push({ at, picture });
  };
  for (const { fromMs, toMs, cues: shown } of shownTogether(cues)) {
    const [from, to] = [frameAt(fromMs), frameAt(toMs)];
    if (from === to) continue;
    change(from, numberOf(shown));
    change(to, BARE);
  }
  return { pictures, ...numbered(completed(groups)) };
}

/** The first frame that is shown at this moment or after it. */
export const frameAt = (ms: number) => Math.ceil((ms * FRAME_RATE) / 1000);

/** A group begins with what the one before left, and says nothing of what stays. */
function completed(groups: Group[]): Group[] {
  let left = BARE;
  return groups.map((group) => {
    const whole = group[0]?.at === 0 ? group : [{ at: 0, picture: left }, ...group];
    left = whole.at(-1)?.picture ?? BARE;
    return whole.filter(({ picture }, i) => picture !== whole[i - 1]?.picture);
  });
}

function numbered(all: Group[]): Pick<SlidePlan, 'groups' | 'order'> {
  const groups: Group[] = [];
  const numbers = new Map<string, number>();
  const order = all.map((group) => {
    const changes = JSON.stringify(group);
    const number = numbers.get(changes) ?? groups.push(group) - 1;
    numbers.set(changes, number);
    return number;
  });
  return { groups, order };
}
