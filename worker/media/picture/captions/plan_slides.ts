import type { Cue } from '../../../../src/captions/cue.ts';
import { shownTogether } from '../../../../src/captions/shown.ts';
import { frameRate } from '../picture_track.ts';

/** The picture without captions. */
export const bareSlide = 0;

/**
 * From one key frame to the next: which pictures are shown, and from which of its frames on; the first from
 * 0.
 */
export type Group = { at: number; picture: number }[];

export type SlidePlan = {
  /** The captions on each picture; none on the first, BARE. */
  pictures: Cue[][];
  /** Distinct groups: identical ones are coded once. */
  groups: Group[];
  /** For each group of the video, the index of its distinct group. */
  order: number[];
};

/**
 * Plans a video of this many frames with a key frame every `distance` frames. A cue is on every frame whose
 * time is in it, from its first moment up to but excluding its last.
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
  let picture = bareSlide;
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
    change(to, bareSlide);
  }
  return { pictures, ...numbered(completed(groups)) };
}

/** The first frame at or after this moment. */
const frameAt = (ms: number) => Math.ceil((ms * frameRate) / 1000);

/** A group starts with the state that the previous one left, and lists only changes. */
function completed(groups: Group[]): Group[] {
  let left = bareSlide;
  return groups.map((group) => {
    const whole = group[0]?.at === 0 ? group : [{ at: 0, picture: left }, ...group];
    left = whole.at(-1)?.picture ?? bareSlide;
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
