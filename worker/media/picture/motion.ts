import type { VideoOptions } from '../../../src/video_options.ts';
import type { Size } from './canvas.ts';
import { frameRate } from './picture_track.ts';

export type Motion = Exclude<VideoOptions['motion'], 'none'>;

/** There and back again: the last frame leads to the first, so the cycle can repeat. */
export const cycleSeconds = 20;
/** A picture may have no more pixels than its canvas, and beyond this zoom eyes begin to miss them. */
export const mostZoom = 1.15;
const panZoom = 1.12;

/** This many frames, in whole groups of this length. */
export function cycleFrames(groupFrames: number): number {
  return groupFrames * Math.max(2, Math.round((cycleSeconds * frameRate) / groupFrames));
}

export type View = { zoom: number; across: number };

/**
 * The view at a share of the cycle: how much the picture is enlarged, and where the middle of the view is
 * across it, 0 to 1. A cosine starts and turns without a jerk.
 */
export function viewAt(motion: Motion, share: number): View {
  const [zoom, across] = viewTerms(motion).map(
    ([mean, swing]) => mean + swing * Math.cos(2 * Math.PI * share),
  );
  return { zoom: zoom as number, across: across as number };
}

/** Mean and amplitude of both. */
function viewTerms(motion: Motion): [zoom: [number, number], across: [number, number]] {
  const half = (mostZoom - 1) / 2;
  const free = (1 - 1 / panZoom) / 2;
  switch (motion) {
    case 'zoom-in':
      return [
        [1 + half, -half],
        [0.5, 0],
      ];
    case 'zoom-out':
      return [
        [1 + half, half],
        [0.5, 0],
      ];
    case 'pan-left':
      return [
        [panZoom, 0],
        [0.5, free],
      ];
    case 'pan-right':
      return [
        [panZoom, 0],
        [0.5, -free],
      ];
  }
}

/**
 * The filters that show a run of frames, starting at `from`, of a looped picture, which may be larger than
 * what is `shown`. `perspective` accepts corners between pixels, and calls its first frame 1; `zoompan` and
 * `crop` round them, and shake.
 */
export function motionFilter(
  motion: Motion,
  from: number,
  cycle: number,
  interpolation: 'cubic' | 'linear',
  picture: Size,
  shown: Size,
): string[] {
  const [zoom, across] = viewTerms(motion).map(
    ([mean, swing]) => `(${mean}+${swing}*cos(2*PI*(on-1+${from})/${cycle}))`,
  );
  // `perspective` keeps the picture's size: the view fills its upper left part, and the rest is cropped.
  const [wide, high] = [picture.width / shown.width, picture.height / shown.height];
  // The filter counts from the middle of the first pixel, so corners are half a pixel further out.
  const left = `W*(${across}-1/2/${zoom})-(1-${wide}/${zoom})/2`;
  const right = `${left}+W*${wide}/${zoom}`;
  const top = `H*(1/2-1/2/${zoom})-(1-${high}/${zoom})/2`;
  const bottom = `${top}+H*${high}/${zoom}`;
  const corners = [left, top, right, top, left, bottom, right, bottom].map(
    (at, i) => `${'xy'[i % 2]}${Math.floor(i / 2)}='${at}'`,
  );
  const moved = `perspective=${corners.join(':')}:interpolation=${interpolation}:sense=source:eval=frame`;
  return wide === 1 && high === 1 ? [moved] : [moved, `crop=${shown.width}:${shown.height}:0:0`];
}
