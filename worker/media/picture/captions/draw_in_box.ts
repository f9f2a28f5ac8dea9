import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { Cue } from '../../../../src/captions/cue.ts';
import type { Box } from '../../box/box.ts';
import { machineError } from '../../errors.ts';
import { runOwnProgram } from '../../ffmpeg/run_own_program.ts';
import type { Machine } from '../../machine.ts';
import { together } from '../../together.ts';
import type { Size } from '../canvas.ts';
import type { Overlay } from './draw_captions.ts';
import { type Fonts, writeFonts } from './fonts.ts';

export type DrawRequest = {
  /** For each picture, the captions that it shows. */
  pictures: Cue[][];
  canvas: Size;
  /** A BCP 47 tag. */
  language?: string;
  /** Where to write the pixels. */
  path: string;
};

/** An overlay whose pixels are in a file, deflated. */
export type StoredOverlay = Omit<Overlay, 'rgba'> & { offset: number; bytes: number };
/** The overlays of each picture. */
export type DrawAnswer = StoredOverlay[][];

/** Fewer pictures are drawn before a second process gets going. */
const worthSplitting = 100;
const limitMs = { start: 60_000, picture: 2_000 };
const tooLong =
  'The captions take too long to draw: their text is damaged or unusual. Remove it and submit them again.';

/**
 * Draws the captions of each picture in separate processes: shaping text is C code, and the text is the
 * caller's. Resolves with a function that reads the overlays of a picture.
 */
export async function drawInBox(
  machine: InBox & Pick<Machine, 'threads'>,
  pictures: Cue[][],
  canvas: Size,
  language?: string,
): Promise<(picture: number) => Promise<Overlay[]>> {
  const fonts = await preparedFonts(machine.box);
  const processes = Math.min(machine.threads, Math.ceil(pictures.length / worthSplitting));
  const share = Math.ceil(pictures.length / Math.max(1, processes));
  const drawn = await together(
    machine.signal,
    ...Array.from({ length: processes }, (_, i) => async (signal: AbortSignal) => {
      const path = join(machine.dir, `captions-${i}`);
      const some = pictures.slice(i * share, (i + 1) * share);
      const request = { pictures: some, canvas, language, path };
      return { path, overlays: await draw({ ...machine, signal }, fonts, request) };
    }),
  );
  return async (picture) => {
    const { path, overlays } = drawn[Math.floor(picture / share)] ?? { path: '', overlays: [] };
    const shown = (overlays[picture % share] ?? []).slice(0, mostOverlays);
    return Promise.all(shown.map((one) => load(path, one, canvas)));
  };
}

type InBox = Pick<Machine, 'box' | 'dir' | 'signal'>;

let prepared: Promise<Fonts> | undefined;

/** Fonts installed later are seen after a restart. */
function preparedFonts(box: Box): Promise<Fonts> {
  prepared ??= prepare(box).catch((error) => {
    prepared = undefined;
    throw error;
  });
  return prepared;
}

/** Draws once where fontconfig can write what it has found out, which takes a second with all fonts of Noto. */
async function prepare(box: Box): Promise<Fonts> {
  const fonts = await writeFonts();
  const { folder } = fonts;
  const pictures = [[{ fromMs: 0, toMs: 1, lines: [[{ text: 'A' }]] }]];
  const request = { pictures, canvas: { width: 64, height: 64 }, path: join(folder, 'first') };
  // Whatever happens to the job that came first, others need the fonts.
  await draw({ box, dir: folder, signal: new AbortController().signal }, fonts, request);
  return fonts;
}

async function draw(machine: InBox, fonts: Fonts, request: DrawRequest): Promise<DrawAnswer> {
  // The text may be longer than a command line.
  const requestPath = `${request.path}.json`;
  await writeFile(requestPath, JSON.stringify(request));
  const longestMs = limitMs.start + limitMs.picture * request.pictures.length;
  return runOwnProgram<DrawAnswer>('picture/captions/draw_program', requestPath, {
    ...machine,
    readable: fonts.readable,
    env: fonts.env,
    limitMs: longestMs,
    // Text needs a hundredth of this.
    budget: { cpuSeconds: longestMs / 2_000, sentence: tooLong },
  });
}

/** One at the top and one at the bottom. */
const mostOverlays = 2;

const inflate = promisify(inflateRaw);

async function load(path: string, overlay: StoredOverlay, canvas: Size): Promise<Overlay> {
  const { left, top, width, height, offset, bytes } = overlay;
  const fits =
    left >= 0 && top >= 0 && left + width <= canvas.width && top + height <= canvas.height;
  const length = 4 * width * height;
  // Deflated, nothing gets much longer.
  const outside = () => machineError('captions drawn outside the picture');
  if (!fits || !(bytes <= 64 + 2 * length)) throw outside();
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, offset);
    const rgba = await inflate(buffer, { maxOutputLength: length });
    if (rgba.length !== length) throw outside();
    return { left, top, width, height, rgba };
  } finally {
    await file.close();
  }
}
