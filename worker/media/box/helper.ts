import type { Box } from './box.ts';
import { neededFiles } from './needed_files.ts';

/** The box that our helper makes: box.c says how. */
export const helped = (helper: string, level: 'landlock' | 'seccomp', reason: string): Box => ({
  level,
  reason,
  wrap: (program, args, { dir, readable, memoryBytes, cpuSeconds, fileBytes, threads }) => ({
    program: helper,
    args: [
      ...['--parent', `${process.pid}`],
      ...[...neededFiles(program), ...readable].flatMap((path) => ['--read', path]),
      ...['--write', dir, '--memory', `${memoryBytes}`],
      ...(threads ? ['--threads', `${threads}`] : []),
      ...['--cpu', `${cpuSeconds}`, '--file', `${fileBytes}`, '--', program, ...args],
    ],
  }),
});
