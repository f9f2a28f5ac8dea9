import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../../src/operator_error.ts';
import { carriedProgram, findProgram } from '../box/find_program.ts';

export type Ffmpeg = {
  /** Absolute paths. */
  ffmpegPath: string;
  ffprobePath: string;
  from: 'FFMPEG_PATH' | 'VidGen itself' | 'the PATH';
};

/**
 * ffmpeg and the ffprobe beside it: the chosen ones, else those that "npm run build:ffmpeg" compiled (a build
 * carries them), else the system's.
 *
 * @param chosen FFMPEG_PATH: a path, or a name to be found on the PATH
 * @throws OperatorError when one of them does not run
 */
export async function findFfmpeg(
  chosen?: string,
  carried: string | undefined = carriedProgram('ffmpeg/ffmpeg'),
): Promise<Ffmpeg> {
  const ffmpegPath = chosen ?? carried ?? 'ffmpeg';
  const name = basename(ffmpegPath).replace('ffmpeg', 'ffprobe');
  const ffprobePath = ffmpegPath.includes('/') ? join(dirname(ffmpegPath), name) : name;
  const [ffmpeg, ffprobe] = await Promise.all([ffmpegPath, ffprobePath].map(mustRun));
  const from = chosen ? 'FFMPEG_PATH' : carried ? 'VidGen itself' : 'the PATH';
  return { ffmpegPath: ffmpeg as string, ffprobePath: ffprobe as string, from };
}

/** Programs that have run, each with the time of its last change: to start one takes a tenth of a second of CPU. */
const hasRun = new Set<string>();

async function mustRun(given: string): Promise<string> {
  const path = findProgram(given);
  const file = path && `${path} ${(await stat(path)).mtimeMs}`;
  if (path && file && hasRun.has(file)) return path;
  const fault = path ? await faultOf(path) : 'it is not there';
  if (path && file && !fault) {
    hasRun.add(file);
    return path;
  }
  throw new OperatorError(
    `${given} does not run (${fault}). Install ffmpeg, or set FFMPEG_PATH to it (with ffprobe beside it).`,
  );
}

/** The words of the system or of its loader, such as a library that is missing. */
const faultOf = (path: string): Promise<string | undefined> =>
  promisify(execFile)(path, ['-version']).then(
    () => undefined,
    ({ stderr, message }: Error & { stderr?: string }) => (stderr || message).trim(),
  );
