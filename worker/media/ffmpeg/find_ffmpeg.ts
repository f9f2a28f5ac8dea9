import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../../src/operator_error.ts';
import { findProgram } from '../box/find_program.ts';

/**
 * ffmpeg and the ffprobe beside it.
 *
 * @param ffmpegPath a path, or a name to be found on the PATH
 * @throws OperatorError when one of them does not run
 */
export async function findFfmpeg(
  ffmpegPath: string,
): Promise<{ ffmpegPath: string; ffprobePath: string }> {
  const name = basename(ffmpegPath).replace('ffmpeg', 'ffprobe');
  const probe = ffmpegPath === basename(ffmpegPath) ? name : join(dirname(ffmpegPath), name);
  const mustRun = async (given: string): Promise<string> => {
    const path = findProgram(given);
    if (path && (await runs(path))) return path;
    const sentence = `${given} does not run. Install ffmpeg, or set FFMPEG_PATH to it (with ffprobe beside it).`;
    throw new OperatorError(sentence);
  };
  const [ffmpeg, ffprobe] = await Promise.all([mustRun(ffmpegPath), mustRun(probe)]);
  return { ffmpegPath: ffmpeg, ffprobePath: ffprobe };
}

const runs = (path: string): Promise<boolean> =>
  promisify(execFile)(path, ['-version']).then(
    () => true,
    () => false,
  );
