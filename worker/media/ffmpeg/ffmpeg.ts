import ffmpeg from 'fluent-ffmpeg';
import type { Machine } from '../machine.ts';
import { type Ended, runChild, type Task } from './child.ts';

/**
 * fluent-ffmpeg writes the command line; running it is ours. Its own runner first asks ffmpeg for its
 * capabilities, knows no process groups, and forgets how a process ended.
 */
export type Command = ffmpeg.FfmpegCommand;

export const command: () => Command = () => ffmpeg();

export type Run = Pick<Machine, 'ffmpegPath' | 'box' | 'dir' | 'signal'> & {
  /** Wall-clock limit in seconds; it bounds the CPU time too, also of an orphan. */
  limitSeconds: number;
  /** What ffmpeg reports on its stderr: by default only errors. With `level`, `errorsIn` finds them again. */
  verbosity?: 'error' | 'info' | 'level+info';
  stdin?: Task['stdin'];
  /** Gets the output as it comes, in place of `onSeconds`. */
  onStdout?: Task['onStdout'];
  /** Gets how many seconds of the output are done. */
  onSeconds?(seconds: number): void;
};

/** Enough for what all filters tell at their end: of sparse sound, one line for each level in decibels. */
const REPORT_KEPT = 64 * 1024;

/** Runs the command to its end. Rejects as `runChild` does; the exit code is the caller's to judge. */
export function runFfmpeg(built: Command, run: Run): Promise<Ended> {
  const limit = Math.ceil(run.limitSeconds);
  const common = [
    '-nostdin',
    '-hide_banner',
    '-v',
    run.verbosity ?? 'error',
    '-nostats',
    '-timelimit',
    `${limit}`,
  ];
  const { onSeconds } = run;
  let rest = '';
  return runChild({
    program: run.ffmpegPath,
    box: run.box,
    dir: run.dir,
    args: [...common, ...(onSeconds ? ['-progress', 'pipe:1'] : []), ...built._getArguments()],
    signal: run.signal,
    limitMs: limit * 1000,
    stderrKept: run.verbosity === 'level+info' ? REPORT_KEPT : undefined,
    stdin: run.stdin,
    onStdout:
      run.onStdout ??
      (onSeconds &&
        ((chunk) => {
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) {
            const microseconds = /^out_time_us=(\d+)$/.exec(line)?.[1];
            if (microseconds) onSeconds(Number(microseconds) / 1e6);
          }
        })),
  });
}

/** The errors among what was reported with levels. What a file says of itself (a title) is none. */
export const errorsIn = (stderr: string): string[] =>
  [...stderr.matchAll(/^(?:\[[^\]]+ @ \w+\] )*\[(?:error|fatal)\] (.*)$/gm)].map(
    ([, error = '']) => error,
  );
