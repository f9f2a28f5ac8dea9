import type { Recipe } from '../recipe.ts';

export type Waveform = NonNullable<Recipe['waveform']>;

/** Where a waveform is drawn, in pixels of the video, all even. */
export type Place = { x: number; y: number; width: number; height: number };

/** As shares of the shorter side. */
const heightShare = { bottom: 0.17, center: 0.26, top: 0.17 };
/**
 * A moving waveform is at most this many times as wide as the shorter side, so that the eye takes it in at
 * once.
 */
const widest = { bars: 1.4, line: 1.6, progress: Number.POSITIVE_INFINITY };
const widthShare = 0.84;
/** Shares of the height that stay free: players show buttons and text over the ends of upright videos. */
const marginShare = { usual: 0.07, upright: { top: 0.12, bottom: 0.18 } };

export function placeOf({ style, position }: Waveform, width: number, height: number): Place {
  const short = Math.min(width, height);
  const across = even(Math.min(widthShare * width, widest[style] * short));
  const high = Math.min(even(heightShare[position] * short), 2 * Math.floor(height / 2));
  const margin = (end: 'top' | 'bottom') =>
    height * (height > 1.2 * width ? marginShare.upright[end] : marginShare.usual);
  const y = {
    top: margin('top'),
    center: (height - high) / 2,
    bottom: height - margin('bottom') - high,
  }[position];
  return {
    x: 2 * Math.floor((width - across) / 4),
    y: Math.min(2 * Math.floor(y / 2), 2 * Math.floor((height - high) / 2)),
    width: across,
    height: high,
  };
}

const even = (length: number) => Math.max(2, 2 * Math.round(length / 2));

/** Bars of whole pixels with gaps between them, centred in this many pixels. */
export function barsAcross(width: number, bar: number, gap: number) {
  const thickness = Math.max(2, Math.round(bar));
  const pitch = thickness + Math.max(2, Math.round(gap));
  const fitting = Math.max(1, Math.floor((width + pitch - thickness) / pitch));
  // An odd number, so that one is in the middle.
  const count = fitting - ((fitting + 1) % 2);
  const first = Math.floor((width - (count * pitch - (pitch - thickness))) / 2);
  return { count, thickness, left: (i: number) => first + i * pitch };
}
