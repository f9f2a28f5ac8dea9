import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageType } from '../../../src/media_type.ts';
import { ownProgram } from '../box/own_program.ts';
import { MediaError, machineError } from '../errors.ts';
import { runChild } from '../ffmpeg/child.ts';
import type { Machine } from '../machine.ts';
import type { Canvas } from './canvas.ts';
import type { Frame } from './compose_frame.ts';

export type ComposeRequest = {
  path: string;
  type: ImageType;
  canvas: Canvas;
  maxMegapixels?: number;
  rgbPath: string;
};
export type ComposeAnswer =
  | { facts: Omit<Frame, 'rgb'> }
  /** The picture is at fault. */
  | { refusal: string; cause: string };

const LIMIT_MS = 120_000;

/**
 * As composeFrame, in a process of its own: decoders of pictures are C like ffmpeg, and a file that takes
 * one over is to find nothing there. Throws MediaError.
 */
export async function composeInBox(
  machine: Pick<Machine, 'box' | 'dir' | 'signal' | 'maxMegapixels'>,
  path: string,
  type: ImageType,
  canvas: Canvas,
): Promise<Frame> {
  const { program, args, readable, env } = ownProgram('picture/compose_program');
  const rgbPath = join(machine.dir, 'frame.rgb');
  const request: ComposeRequest = {
    ...{ path, type, canvas, rgbPath },
    maxMegapixels: machine.maxMegapixels,
  };
  const { code, stdout, stderr } = await runChild({
    ...machine,
    program,
    args: [...args, JSON.stringify(request)],
    readable,
    env,
    limitMs: LIMIT_MS,
  });
  if (code !== 0) throw machineError(stderr);
  const answer: ComposeAnswer = JSON.parse(stdout.toString());
  if ('refusal' in answer) throw new MediaError(answer.refusal, { cause: answer.cause });
  const rgb = await readFile(rgbPath);
  await rm(rgbPath);
  return { ...answer.facts, rgb };
}
