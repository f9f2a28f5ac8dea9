import { execFile } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../../src/operator_error.ts';

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
  const ffprobePath = ffmpegPath === basename(ffmpegPath) ? name : join(dirname(ffmpegPath), name);
  const mustRun = (path: string) =>
    promisify(execFile)(path, ['-version']).catch(() => {
      const sentence = `${path} does not run. Install ffmpeg, or set FFMPEG_PATH to it (with ffprobe beside it).`;
      throw new OperatorError(sentence);
    });
  await Promise.all([ffmpegPath, ffprobePath].map(mustRun));
  return { ffmpegPath, ffprobePath };
}
