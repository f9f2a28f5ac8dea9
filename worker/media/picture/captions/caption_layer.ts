import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Machine } from '../../machine.ts';
import type { CaptionTrack } from '../../mp4/movie.ts';
import type { Size } from '../canvas.ts';
import { frameRate } from '../picture_track.ts';
import type { Overlay } from './draw_captions.ts';
import { drawInBox } from './draw_in_box.ts';
import { planSlides } from './plan_slides.ts';

/**
 * Caption pictures of the size of the video, transparent around the text, and from which frame each is shown.
 */
export type CaptionLayer = { at: number; file: string }[];

/** Rows that captions must leave free, because something else moves there. */
export type Taken = { y: number; height: number };

/** Draws the captions of a video of this many frames into the machine's folder. */
export async function drawCaptionLayer(
  machine: Machine,
  { cues, language }: CaptionTrack,
  size: Size,
  frames: number,
  taken?: Taken,
): Promise<CaptionLayer> {
  const { pictures, groups } = planSlides(cues, frames, frames);
  const draw = await drawInBox(machine, pictures, size, language);
  for (const number of pictures.keys()) {
    const overlays = (await draw(number)).map((one) => besides(one, size, taken));
    await writePicture(join(machine.dir, fileOf(number)), overlays, size);
  }
  return groups.flat().map(({ at, picture }) => ({ at, file: fileOf(picture) }));
}

const fileOf = (picture: number) => `caption-${picture}.png`;

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

async function writePicture(path: string, overlays: Overlay[], size: Size) {
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
    .toFile(path);
}
