import { realpathSync } from 'node:fs';
import type { Box } from './box.ts';

/** Every system has a shell, which limits itself and then becomes the program. */
export const shell = realpathSync('/bin/sh');

/** A limit that this system does not know, or that is already lower, stays as it is. Shells name that of threads u or p. */
const limitAndBecome = `{
  ulimit -c 0; ulimit -n 256; ulimit -v "$1"; ulimit -f "$2"; ulimit -St "$3"; ulimit -Ht "$4"
  ulimit -u "$5" || ulimit -p "$5"
} 2> /dev/null; shift 6; exec "$@"`;

/** Nothing but limits: whoever takes the program over reaches whatever the worker can. */
export const limited = (level: 'limits only' | 'off', reason: string): Box => ({
  level,
  reason,
  wrap: (program, args, { memoryBytes, cpuSeconds, fileBytes, threads = 'unlimited' }) => {
    // SIGXCPU comes first, because it tells that it was this limit.
    const limits = [memoryBytes / 1024, fileBytes / 512, cpuSeconds, cpuSeconds + 5, threads];
    // The shell would report a missing program by an exit code, as if the program had judged a file.
    const found = realpathSync(program) && program;
    return {
      program: shell,
      args: ['-c', limitAndBecome, 'limits', ...limits.map(String), '--', found, ...args],
    };
  },
});

export const noBox = limited('off', 'SANDBOX=off');
