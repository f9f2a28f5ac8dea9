import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../src/operator_error.ts';
import { videoOptions } from '../../src/video_options.ts';
import { RenderError } from '../media/errors.ts';
import { runChild } from '../media/ffmpeg/child.ts';
import { command, runFfmpeg } from '../media/ffmpeg/ffmpeg.ts';
import type { Machine } from '../media/machine.ts';
import { composeInBox } from '../media/picture/compose_in_box.ts';
import { stillEncoder } from '../media/picture/still_track.ts';
import { recipeFor } from '../media/recipe.ts';
import { makeTemporaryFolder } from '../media/temporary.ts';

/** 32 x 32 pixels of one colour. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAMAAABEpIrGAAAAA1BMVEVFZ4lv87QVAAAAE0lEQVQ4jWNgGAWjYBSMAgasAAAEIAABMVaGxQAAAABJRU5ErkJggg==';
/** A WAV of 0.1 s of silence. */
const sound = () => {
  const bytes = Buffer.alloc(44 + 9_600);
  bytes.write('RIFF');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8);
  for (const [at, value] of [
    ...([
      [16, 16],
      [20, 0x1_0001],
      [24, 48_000],
      [28, 96_000],
      [32, 0x10_0002],
    ] as const),
  ])
    bytes.writeUInt32LE(value, at);
  bytes.write('data', 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  return bytes;
};

const limitSeconds = 60;

/**
 * Decodes a picture, encodes it and a sound, and reads that: each by the program and in the sandbox that jobs use.
 *
 * @throws OperatorError in the words of the program that failed
 */
export async function renderOneFrame(
  programs: Pick<Machine, 'ffmpegPath' | 'ffprobePath' | 'box'>,
): Promise<void> {
  const dir = await makeTemporaryFolder();
  try {
    await render({
      ...programs,
      dir,
      threads: 1,
      maxAudioSeconds: 1,
      signal: AbortSignal.timeout(limitSeconds * 1_000),
    });
  } catch (error) {
    const words = error instanceof RenderError ? error.detail : (error as Error).message;
    throw new OperatorError(firstLines(words), { cause: error });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function render(machine: Machine): Promise<void> {
  const [imagePath, audioPath, encodedPath] = ['image', 'audio', 'encoded'].map((name) =>
    join(machine.dir, name),
  ) as [string, string, string];
  await writeFile(imagePath, Buffer.from(picture, 'base64'));
  await writeFile(audioPath, sound());
  const { canvas } = recipeFor(videoOptions.parse({}), false);
  const { rgb, width, height } = await composeInBox(machine, imagePath, 'image/png', canvas);
  const { code, stdout, stderr } = await runFfmpeg(
    command()
      .input('pipe:0')
      .inputOptions([
        '-f',
        'rawvideo',
        '-pixel_format',
        'rgb24',
        '-video_size',
        `${width}x${height}`,
      ])
      .input(audioPath)
      .inputOptions(['-f', 'wav'])
      .output('pipe:1')
      .outputOptions(['-map', '0:v', '-pix_fmt', 'yuv420p', ...stillEncoder(20)])
      .output(encodedPath)
      .outputOptions(['-map', '1:a', '-c:a', 'aac', '-f', 'ipod']),
    { ...machine, limitSeconds, stdin: rgb },
  );
  const encoded = code === 0 ? await readFile(encodedPath) : undefined;
  if (!stdout.length || !encoded?.length) throw new Error(stderr || 'ffmpeg made nothing.');
  const probed = await runChild({
    ...machine,
    program: machine.ffprobePath,
    args: ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', encodedPath],
    limitMs: limitSeconds * 1_000,
  });
  if (probed.stdout.toString().trim() !== 'aac')
    throw new Error(probed.stderr || 'ffprobe does not read what ffmpeg made.');
}

/** The programs tell the cause first, then what followed from it. */
const firstLines = (words: string) =>
  words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('at '))
    .slice(0, 3)
    .join(' ');
