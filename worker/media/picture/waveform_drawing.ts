import { drawBar, emptyMask, type Mask, roundEnd } from './waveform_capsule.ts';
import { barsAcross, type Place, type Waveform } from './waveform_layout.ts';
import type { Levels } from './waveform_levels.ts';
import { drawLine } from './waveform_line.ts';

/** Draws one frame after another; the mask is valid until the next one. */
export type Drawing = (frame: number) => Mask;

/** How to measure and draw a style in an area of a video with this many pixels on its shorter side. */
export type Design = {
  /** The number of frequency bands in which the sound is measured. */
  bands: number;
  /** A new drawing, which may start at any frame. */
  draw(levels: Levels): Drawing;
};

export function designOf(style: Waveform['style'], place: Place, shortSide: number): Design {
  const scale = shortSide / 1080;
  if (style === 'line') return lineDesign(place, scale);
  return style === 'bars' ? barsDesign(place, scale) : progressDesign(place, scale);
}

/** Low frequencies move the bars in the middle, high ones the outer bars, symmetrically. */
function barsDesign({ width, height }: Place, scale: number): Design {
  const bars = barsAcross(width, 14 * scale, 11 * scale);
  const bands = (bars.count + 1) / 2;
  const end = roundEnd(bars.thickness);
  const least = bars.thickness / 2;
  return {
    bands,
    draw: ({ values }) => {
      const mask = emptyMask(width, height);
      const reaches = new Float32Array(bars.count);
      return (frame) => {
        for (let i = 0; i < bars.count; i++) {
          const band = Math.abs(i - bands + 1);
          const outward = band / bands;
          const level = (values[frame * bands + band] ?? 0) * (1 - 0.45 * outward * outward);
          const reach = least + (height / 2 - least) * level;
          drawBar(mask, bars.left(i), end, reach, reaches[i] as number);
          reaches[i] = reach;
        }
        return mask;
      };
    },
  };
}

function lineDesign({ width, height }: Place, scale: number): Design {
  return {
    bands: 14,
    draw: (levels) => {
      const mask = emptyMask(width, height);
      return (frame) => {
        drawLine(mask, levels, frame, scale);
        return mask;
      };
    },
  };
}

/** How faintly the unplayed part is drawn. */
const toCome = 0.36;

/** Each bar stands for a part of the whole sound. */
function progressDesign({ width, height }: Place, scale: number): Design {
  const bars = barsAcross(width, 8 * scale, 7 * scale);
  const end = roundEnd(bars.thickness);
  const least = bars.thickness / 2;
  return {
    bands: 1,
    draw: (levels) => {
      const whole = emptyMask(width, height);
      for (const [i, level] of shapeOf(levels, bars.count).entries())
        drawBar(whole, bars.left(i), end, least + (height / 2 - least) * level, 0);
      const mask = emptyMask(width, height);
      for (const [i, covered] of whole.pixels.entries()) mask.pixels[i] = covered * toCome;
      const [first, last] = [bars.left(0), bars.left(bars.count - 1) + bars.thickness];
      let shown = first;
      return (frame) => {
        const played = first + ((last - first) * (frame + 1)) / levels.frames;
        for (let x = Math.floor(shown); x < Math.min(last, played); x++) {
          const share = toCome + (1 - toCome) * Math.min(1, played - x);
          for (let at = x; at < mask.pixels.length; at += width)
            mask.pixels[at] = (whole.pixels[at] as number) * share + 0.5;
        }
        shown = played;
        return mask;
      };
    },
  };
}

/** The mean of each part, spread out so that the similar parts of long sounds still differ. */
function shapeOf({ values, frames }: Levels, parts: number): number[] {
  const means = Array.from({ length: parts }, (_, i) => {
    const from = Math.floor((i * frames) / parts);
    const part = values.subarray(from, Math.max(from + 1, Math.floor(((i + 1) * frames) / parts)));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const highest = Math.max(...means, 0.05);
  const lowest = 0.7 * Math.min(...means);
  return means.map((mean) => Math.max(0, (mean - lowest) / (highest - lowest)) ** 1.5);
}
