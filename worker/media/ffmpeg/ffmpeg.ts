import ffmpeg from 'fluent-ffmpeg';
import type { Box } from '../box/box.ts';
import { type Ended, runChild, type Task } from './child.ts';

/**
 * fluent-ffmpeg builds the command line; we run it. Its own runner first asks ffmpeg for its capabilities,
 * ignores process groups, and forgets how a process ended.
 */
export type Command = ffmpeg.FfmpegCommand;

export const command: () => Command = () => ffmpeg();

export type Run = {
  /** See Machine. */
  ffmpegPath: string;
  box: Box;
  dir: string;
  signal: AbortSignal;
  /** Wall-clock limit in seconds; it also limits the CPU time, even of an orphan. */
  limitSeconds: number;
  /** ffmpeg ends by itself when it is told that this is used up, and its exit code is judged like any other. */
  budget?: Task['budget'];
  /** What ffmpeg reports on its stderr: by default only errors. With `level`, `errorsIn` extracts them. */
  verbosity?: 'error' | 'info' | 'level+info';
  stdin?: Task['stdin'];
  /** Receives the output as it arrives, instead of `onSeconds`. */
  onStdout?: Task['onStdout'];
  /** Receives how many seconds of the output are done. */
  onSeconds?(seconds: number): void;
};

/** Enough for what all filters tell at their end: of sparse sound, one line for each level in decibels. */
const reportKept = 64 * 1024;

/** Runs the commands to their end. Rejects as `runChild` does; the caller judges the exit code. */
export function runFfmpeg(built: Command | Command[], run: Run): Promise<Ended> {
  const limit = Math.ceil(run.limitSeconds);
  const common = [
    '-nostdin',
    '-hide_banner',
    '-v',
    run.verbosity ?? 'error',
    '-nostats',
    // Of CPU time. Where there is a budget, the box sees to it.
    ...(run.budget ? [] : ['-timelimit', `${limit}`]),
  ];
  const { onSeconds } = run;
  let rest = '';
  return runChild({
    program: run.ffmpegPath,
    box: run.box,
    dir: run.dir,
    args: [
      ...common,
      ...(onSeconds ? ['-progress', 'pipe:1'] : []),
      ...[built].flat().flatMap((one) => one._getArguments()),
    ],
    signal: run.signal,
    limitMs: limit * 1000,
    budget: run.budget,
    stderrKept: run.verbosity === 'level+info' ? reportKept : undefined,
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

/** The errors in a report with levels. Text from the file itself (such as a title) does not count. */
export const errorsIn = (stderr: string): string[] =>
  [...stderr.matchAll(/^(?:\[[^\]]+ @ \w+\] )*\[(?:error|fatal)\] (.*)$/gm)].map(
    ([, error = '']) => error,
  );
