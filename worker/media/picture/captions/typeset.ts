import type { Run } from '../../../../src/captions/cue.ts';
import type { Size } from '../canvas.ts';
import { breakAnywhere, breakEvenly, joinLines } from './break_lines.ts';
import { measureLine } from './draw_line.ts';

/** Where captions may be placed, in pixels. */
export type Area = {
  /** The size of the text. */
  size: number;
  width: number;
  height: number;
  /** Free space above and below. */
  top: number;
  bottom: number;
};

/** As a share of the shorter side. */
const letters = 0.05;
/** Apps put buttons to the right of tall videos, titles below them, and their search above. */
const tall = { ratio: 1.5, width: 0.74, top: 0.13, bottom: 0.24 };
const others = { width: 0.84, top: 0.07, bottom: 0.07 };
export const mostLines = 2;
/** How much smaller text may become to save a line. */
export const smallestShare = 0.75;
const sizes = [1, 0.87, smallestShare];
/** As a share of the area's height, for captions that take more lines. */
const mostHeight = 0.6;
/** In pixels: smaller text is unreadable. */
const smallest = 8;

export function captionArea({ width, height }: Size): Area {
  const share = height / width >= tall.ratio ? tall : others;
  return {
    size: Math.max(smallest, Math.round(letters * Math.min(width, height))),
    width: Math.floor(share.width * width),
    height: Math.floor((1 - share.top - share.bottom) * height),
    top: Math.round(share.top * height),
    bottom: Math.round(share.bottom * height),
  };
}

/** From one baseline to the next, in text sizes. */
export const lineHeight = 1.3;

export type Typeset = { lines: Run[][]; size: number };

/**
 * Breaks a cue into lines that fit: as its author did, else into two lines of about the same width, else with
 * smaller text, else into as many lines as necessary.
 */
export async function typeset(given: Run[][], area: Area, language?: string): Promise<Typeset> {
  const fits = async (lines: Run[][], size: number) => {
    for (const line of lines) {
      if ((await measureLine(line, { size, language })) > area.width) return false;
    }
    return true;
  };
  const { size } = area;
  if (given.length <= mostLines && (await fits(given, size))) return { lines: given, size };
  const line = joinLines(given);
  const share = (await measureLine(line, { size, language })) / size / area.width;
  for (const smaller of sizes.map((part) => Math.round(part * size))) {
    for (let count = Math.ceil(share * smaller); count <= mostLines; count++) {
      const lines = breakEvenly(line, count);
      if (await fits(lines, smaller)) return { lines, size: smaller };
    }
  }
  return inManyLines(line, area, share, fits);
}

/** Shrinks the text until the lines leave room for the picture. */
async function inManyLines(
  line: Run[],
  area: Area,
  share: number,
  fits: (lines: Run[][], size: number) => Promise<boolean>,
): Promise<Typeset> {
  for (let size = Math.round(area.size * smallestShare); ; size = Math.round(size * 0.85)) {
    const most = Math.floor((mostHeight * area.height) / (size * lineHeight));
    const least = Math.max(mostLines + 1, Math.ceil(share * size));
    for (const broken of [breakEvenly, breakAnywhere]) {
      for (let count = least; count <= Math.min(most, least + 2); count++) {
        const lines = broken(line, count);
        if (await fits(lines, size)) return { lines, size };
      }
    }
    if (size <= smallest) return { lines: breakAnywhere(line, least), size };
  }
}
