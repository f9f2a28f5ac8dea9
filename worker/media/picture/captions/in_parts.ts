import { type Cue, plainText } from '../../../../src/captions/cue.ts';
import type { Size } from '../canvas.ts';
import { breakEvenly, joinLines, widthOf } from './break_lines.ts';
import { captionArea, mostLines, smallestShare } from './typeset.ts';

/** Of half a wide character, in text sizes; most letters of most fonts are narrower. */
const letterWidth = 0.56;
/** Text that is shown for less than this cannot be read. */
const leastMs = 700;

/**
 * Text too long for two lines is shown in parts, one after another, each for its share of the time. The width
 * is estimated, because text is measured only in the box that draws it: `typeset` deals with what is wider.
 */
export function inParts(cues: Cue[], canvas: Size): Cue[] {
  const { size, width } = captionArea(canvas);
  const room = (mostLines * width) / (smallestShare * size * letterWidth);
  return cues.flatMap((cue) => {
    const count = Math.ceil(widthOf(plainText(cue.lines)) / room);
    if (count < 2 || (cue.toMs - cue.fromMs) / count < leastMs) return [cue];
    return oneAfterAnother(cue, count);
  });
}

function oneAfterAnother(cue: Cue, count: number): Cue[] {
  const parts = breakEvenly(joinLines(cue.lines), count).map((line) => ({
    line,
    width: widthOf(plainText([line])),
  }));
  const total = parts.reduce((sum, { width }) => sum + width, 0);
  let [before, fromMs] = [0, cue.fromMs];
  return parts.map(({ line, width }) => {
    before += width;
    const toMs = cue.fromMs + Math.round(((cue.toMs - cue.fromMs) * before) / total);
    const part: Cue = { ...cue, fromMs, toMs, lines: [line] };
    fromMs = toMs;
    return part;
  });
}
