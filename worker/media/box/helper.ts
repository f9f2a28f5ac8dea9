import type { Box } from './box.ts';
import { neededFiles } from './needed_files.ts';

/** The box that our helper makes: box.c says how. */
export const helped = (helper: string, level: 'landlock' | 'seccomp', reason: string): Box => ({
  level,
  reason,
  wrap: (program, args, { dir, readable, memoryBytes, cpuSeconds, fileBytes }) => ({
    program: helper,
    args: [
      ...['--parent', `${process.pid}`],
      ...[...neededFiles(program), ...readable].flatMap((path) => ['--read', path]),
      ...['--write', dir, '--memory', `${memoryBytes}`],
      ...['--cpu', `${cpuSeconds}`, '--file', `${fileBytes}`, '--', program, ...args],
    ],
  }),
});
