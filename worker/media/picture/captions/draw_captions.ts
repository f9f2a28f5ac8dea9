import sharp, { type OverlayOptions } from 'sharp';
import type { Cue } from '../../../../src/captions/cue.ts';
import type { Size } from '../canvas.ts';
import { type DrawnLine, drawLine } from './draw_line.ts';
import { type Area, captionArea, lineHeight, type Typeset, typeset } from './typeset.ts';

/** Text on a box, to be laid over the picture: RGBA, straight alpha. All numbers are even. */
export type Overlay = Size & { left: number; top: number; rgba: Buffer };

/** White text on this has a contrast of 7.9:1 or more, whatever is behind it. */
const textBox = { opacity: 0.7, padX: 0.2, padY: 0.2, radius: 0.3 };

/** Draws what is shown at once: the captions at the bottom in one box, those at the top in another. */
export async function drawCaptions(
  cues: Cue[],
  canvas: Size,
  language?: string,
): Promise<Overlay[]> {
  const places = [cues.filter(({ top }) => top), cues.filter(({ top }) => !top)];
  const boxes = await Promise.all(
    places.map(async (group, i) => {
      if (group.length === 0) return [];
      return [await drawBox(group, canvas, i === 0, language)];
    }),
  );
  return boxes.flat();
}

async function drawBox(cues: Cue[], canvas: Size, atTop: boolean, language?: string) {
  const area = captionArea(canvas);
  const { size } = area;
  const drawn: { line: DrawnLine; step: number }[] = [];
  for (const set of await typesetAll(cues, area, language)) {
    const step = Math.round(set.size * lineHeight);
    for (const line of set.lines)
      drawn.push({ line: await drawLine(line, { size: set.size, language }), step });
  }
  const widest = Math.max(...drawn.map(({ line }) => line.width));
  const width = even(widest + 2 * textBox.padX * size);
  const stacked = drawn.reduce((sum, { step }) => sum + step, 0);
  const height = even(
    Math.max(stacked + 2 * textBox.padY * size, ...drawn.map(({ line }) => line.height)),
  );
  let y = (height - stacked) / 2;
  const layers: OverlayOptions[] = drawn.map(({ line, step }) => {
    const { rgba, ...info } = line;
    const top = Math.round(y + (step - info.height) / 2);
    y += step;
    const left = Math.round((width - info.width) / 2);
    return { input: rgba, raw: { ...info, channels: 4 }, left, top };
  });
  const box = await boxed({ width, height }, textBox.radius * size, layers, canvas);
  const free = canvas.height - box.height;
  return {
    ...box,
    left: even((canvas.width - box.width) / 2),
    top: even(Math.max(0, atTop ? Math.min(area.top, free) : free - area.bottom)),
  };
}

/** Typesets each cue separately, and all of them smaller if together they would cover the picture. */
async function typesetAll(cues: Cue[], area: Area, language?: string): Promise<Typeset[]> {
  for (let size = area.size; ; size = Math.round(size * 0.8)) {
    const sets = [];
    for (const { lines } of cues) sets.push(await typeset(lines, { ...area, size }, language));
    const height = sets.reduce((sum, set) => sum + set.lines.length * set.size * lineHeight, 0);
    if (height < 0.8 * area.height || size <= 8) return sets;
  }
}

/** The text on its box; smaller when the picture is too small for the smallest text. */
async function boxed(box: Size, radius: number, layers: OverlayOptions[], canvas: Size) {
  const { width, height } = box;
  const drawn = sharp(roundedBox(box, radius), { raw: { ...box, channels: 4 } }).composite(layers);
  const share = Math.min(1, canvas.width / width, canvas.height / height);
  const rgba = await drawn.raw().toBuffer();
  if (share === 1) return { ...box, rgba };
  const fitted = {
    width: Math.max(2, even(width * share)),
    height: Math.max(2, even(height * share)),
  };
  const smaller = sharp(rgba, { raw: { ...box, channels: 4 } }).resize({ ...fitted, fit: 'fill' });
  return { ...fitted, rgba: await smaller.raw().toBuffer() };
}

/** Black, with rounded corners; RGBA. */
function roundedBox({ width, height }: Size, radius: number): Buffer {
  const rgba = Buffer.alloc(width * height * 4);
  const beyond = (at: number, length: number) =>
    Math.max(0, radius - (at + 0.5), at + 0.5 - (length - radius));
  for (let y = 0, at = 3; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const outside = Math.hypot(beyond(x, width), beyond(y, height)) - radius;
      rgba[at] = 255 * textBox.opacity * Math.min(1, Math.max(0, 0.5 - outside));
    }
  }
  return rgba;
}

const even = (length: number) => 2 * Math.round(length / 2);
