import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { shownTogether } from '../../../../src/captions/shown.ts';
import type { Machine } from '../../machine.ts';
import type { CaptionTrack } from '../../mp4/movie.ts';
import type { Size } from '../canvas.ts';
import { frameRate } from '../picture_track.ts';
import { drawCaptions, type Overlay } from './draw_captions.ts';
import { prepareFonts } from './fonts.ts';
import { frameAt } from './plan_slides.ts';

/**
 * Caption pictures of the size of the video, transparent around the text, and from which frame each is shown.
 */
export type CaptionLayer = { at: number; file: string }[];

const bare = 'caption-none.png';

/** Rows that captions must leave free, because something else moves there. */
export type Taken = { y: number; height: number };

/** Draws all captions into the machine's folder. */
export async function drawCaptionLayer(
  machine: Machine,
  { cues, language }: CaptionTrack,
  size: Size,
  taken?: Taken,
): Promise<CaptionLayer> {
  await prepareFonts();
  const layer: CaptionLayer = [{ at: 0, file: bare }];
  const files = new Map<string, string>();
  await writePicture(machine, bare, [], size);
  for (const { fromMs, toMs, cues: shown } of shownTogether(cues)) {
    const [from, to] = [frameAt(fromMs), frameAt(toMs)];
    if (from === to) continue;
    const looks = JSON.stringify(shown.map(({ lines, top }) => [lines, top]));
    const file = files.get(looks) ?? `caption-${files.size}.png`;
    if (!files.has(looks)) {
      const overlays = await drawCaptions(shown, size, language);
      await writePicture(
        machine,
        file,
        overlays.map((one) => besides(one, size, taken)),
        size,
      );
      files.set(looks, file);
    }
    if (layer.at(-1)?.at === from) layer.pop();
    layer.push({ at: from, file }, { at: to, file: bare });
  }
  return layer;
}

/**
 * Writes the part of the layer that a run of frames shows as a list for ffmpeg's `concat`; returns the path.
 */
export async function writeCaptionList(
  machine: Machine,
  layer: CaptionLayer,
  { from, to }: { from: number; to: number },
): Promise<string> {
  const lines = layer.flatMap(({ at, file }, i) => {
    const [begins, ends] = [Math.max(from, at), Math.min(to, layer[i + 1]?.at ?? to)];
    if (begins >= ends) return [];
    return [`file ${file}`, `duration ${((ends - begins) / frameRate).toFixed(2)}`];
  });
  const path = join(machine.dir, `captions-${from}.ffconcat`);
  await writeFile(path, `ffconcat version 1.0\n${lines.join('\n')}\n`);
  return path;
}

/** Moves it up or down, to where nothing else is. */
function besides(overlay: Overlay, size: Size, taken: Taken | undefined): Overlay {
  if (!taken) return overlay;
  const gap = 2 * Math.round(size.height / 80);
  const above = taken.y - gap - overlay.height;
  const below = taken.y + taken.height + gap;
  const isFree = overlay.top + overlay.height <= taken.y || overlay.top >= taken.y + taken.height;
  if (isFree) return overlay;
  const isAtBottom = taken.y + taken.height / 2 > size.height / 2;
  const top = isAtBottom ? above : below;
  return { ...overlay, top: Math.max(0, Math.min(size.height - overlay.height, top)) };
}

async function writePicture(machine: Machine, file: string, overlays: Overlay[], size: Size) {
  const { width, height } = size;
  const transparent = { r: 0, g: 0, b: 0, alpha: 0 };
  await sharp({ create: { width, height, channels: 4, background: transparent } })
    .composite(
      overlays.map(({ rgba, left, top, ...info }) => ({
        input: rgba,
        raw: { ...info, channels: 4 as const },
        left,
        top,
      })),
    )
    .png({ compressionLevel: 3 })
    .toFile(join(machine.dir, file));
}
