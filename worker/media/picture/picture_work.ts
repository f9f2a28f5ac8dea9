import type { Recipe } from '../recipe.ts';
import type { PictureWork } from '../video_progress.ts';
import type { Size } from './canvas.ts';
import { cycleSeconds } from './motion.ts';
import { stripHeight, stripOf } from './waveform.ts';
import { placeOf } from './waveform_layout.ts';

/** Whether the scene must be encoded frame by frame instead of once. */
export const isMoving = ({ waveform, motion }: Recipe): boolean =>
  waveform !== undefined || motion !== 'none';

/** For each second, as measured at 360p and 1080p: what is the same for any size, and what a million pixels add. */
const costs = {
  strip: { fixed: 0.4, megapixel: 3.1 },
  frames: { fixed: 0.7, megapixel: 16 },
  cycle: { fixed: 0.8, megapixel: 20 },
};
/** Decoding the sound and its spectrum. */
const levelsCost = 0.2;

/** How much work it is to make the picture of this size. */
export function pictureWork(recipe: Recipe, size: Size, hasCaptions: boolean): PictureWork {
  if (!isMoving(recipe)) return () => 0;
  const perSecond = ({ fixed, megapixel }: typeof costs.strip, { width, height }: Size) =>
    fixed + (megapixel * width * height) / 1e6;
  const { waveform, motion } = recipe;
  if (!waveform && !hasCaptions)
    return (seconds) => Math.min(seconds, cycleSeconds) * perSecond(costs.cycle, size);
  const levels = waveform ? levelsCost : 0;
  if (!waveform || motion !== 'none' || hasCaptions)
    return (seconds) => seconds * (levels + perSecond(costs.frames, size));
  const strip = stripOf(placeOf(waveform, size.width, size.height), size.height);
  const { width } = size;
  const height = stripHeight(strip, size.height);
  return (seconds) => seconds * (levels + perSecond(costs.strip, { width, height }));
}

/** The share of measuring the sound in the work on a waveform. */
export function levelsShare(work: PictureWork, seconds: number): number {
  return (levelsCost * seconds) / work(seconds);
}
