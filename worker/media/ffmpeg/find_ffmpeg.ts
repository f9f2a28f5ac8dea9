import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../../src/operator_error.ts';
import { carriedProgram, findProgram } from '../box/find_program.ts';

type Programs = {
  /** Absolute paths. */
  ffmpegPath: string;
  ffprobePath: string;
};
export type Ffmpeg = Programs & { from: 'FFMPEG_PATH' | 'VidGen itself' | 'the PATH' };

/**
 * ffmpeg and the ffprobe beside it: the chosen ones, else those that "npm run build:ffmpeg" compiled (a build
 * carries them), else the system's.
 *
 * @param chosen FFMPEG_PATH: a path, or a name to be found on the PATH
 * @throws OperatorError when one of them is not there
 */
export function findFfmpeg(
  chosen?: string,
  carried: string | undefined = carriedProgram('ffmpeg/ffmpeg'),
): Ffmpeg {
  const ffmpegPath = chosen ?? carried ?? 'ffmpeg';
  const name = basename(ffmpegPath).replace('ffmpeg', 'ffprobe');
  const ffprobePath = ffmpegPath.includes('/') ? join(dirname(ffmpegPath), name) : name;
  const from = chosen ? 'FFMPEG_PATH' : carried ? 'VidGen itself' : 'the PATH';
  return { ffmpegPath: mustBeThere(ffmpegPath), ffprobePath: mustBeThere(ffprobePath), from };
}

function mustBeThere(given: string): string {
  const path = findProgram(given);
  if (!path) throw doesNotRun(given, 'it is not there');
  return path;
}

/**
 * Tells what is wrong with them in the words of the system or of its loader, such as a library that is missing. To
 * start each takes a tenth of a second of CPU, so this is for when something went wrong.
 *
 * @throws OperatorError when one of them does not run
 */
export async function mustRun({ ffmpegPath, ffprobePath }: Programs): Promise<void> {
  for (const path of [ffmpegPath, ffprobePath])
    await promisify(execFile)(path, ['-version']).catch(
      ({ stderr, message }: Error & { stderr?: string }) => {
        throw doesNotRun(path, (stderr || message).trim());
      },
    );
}

const doesNotRun = (path: string, fault: string) =>
  new OperatorError(
    `${path} does not run (${fault}). Install ffmpeg, or set FFMPEG_PATH to it (with ffprobe beside it).`,
  );
