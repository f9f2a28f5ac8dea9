import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageType } from '../../../src/media_type.ts';
import { readWritten } from '../box/read_written.ts';
import { machineError } from '../errors.ts';
import { runOwnProgram } from '../ffmpeg/run_own_program.ts';
import type { Machine } from '../machine.ts';
import type { Canvas } from './canvas.ts';
import { type ComposeLimits, type Frame, frameOn } from './compose_frame.ts';

export type ComposeRequest = {
  path: string;
  type: ImageType;
  canvas: Canvas;
  limits: ComposeLimits;
  rgbPath: string;
};
export type ComposeAnswer =
  | Pick<Frame, 'source'>
  /** The picture is so big that it must be sent again, alone. */
  | 'not alone';

type InBox = Pick<Machine, 'box' | 'dir' | 'signal' | 'maxMegapixels'>;

const limitMs = 120_000;
/** The biggest pictures take a tenth of it. */
const budget = {
  cpuSeconds: 60,
  sentence:
    'The picture takes too long to decode: its file is damaged or unusual. Save it again with an image editor and upload that.',
};

/**
 * Like composeFrame, in a separate process. Image decoders are C code like ffmpeg, and a file that takes one
 * over must find nothing there. Throws MediaError.
 */
export async function composeInBox(
  machine: InBox,
  path: string,
  type: ImageType,
  canvas: Canvas,
): Promise<Frame> {
  const rgbPath = join(machine.dir, 'frame.rgb');
  const ask = (alone: boolean) => {
    const limits = { maxMegapixels: machine.maxMegapixels, alone };
    return compose(machine, { path, type, canvas, limits, rgbPath });
  };
  let answer = await ask(false);
  if (answer === 'not alone') answer = await afterOthers(() => ask(true));
  if (answer === 'not alone') throw machineError('a picture that was alone was told it was not');
  const { width, height, transparent } = answer.source;
  if (!isSide(width) || !isSide(height)) throw machineError('a picture of an impossible size');
  const frame = frameOn(canvas, { width, height, transparent });
  const rgb = await readWritten(rgbPath, 3 * frame.width * frame.height);
  await rm(rgbPath);
  return { ...frame, rgb };
}

/** No format of a picture has longer ones. */
const isSide = (pixels: number) => Number.isInteger(pixels) && pixels > 0 && pixels < 2 ** 31;

const compose = (machine: InBox, request: ComposeRequest) =>
  runOwnProgram<ComposeAnswer>('picture/compose_program', JSON.stringify(request), {
    ...machine,
    limitMs,
    budget,
  });

let others: Promise<unknown> = Promise.resolve();

/**
 * Big pictures of one worker are decoded one after the other, because two at once could take all its memory.
 */
function afterOthers<T>(work: () => Promise<T>): Promise<T> {
  const mine = others.then(work);
  others = mine.catch(() => {});
  return mine;
}
