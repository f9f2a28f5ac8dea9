import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import type { Box } from './box.ts';
import { callFilter } from './call_filter.ts';
import { noBox, shell } from './limits.ts';
import { neededFiles } from './needed_files.ts';

const filter = callFilter(process.arch);
const isolated = [
  ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
  ...(filter ? ['--seccomp', '3'] : []),
];

/**
 * Namespaces in which there is nothing but the program, its libraries and its folder. It may start threads but no
 * process, where there is a filter for this architecture.
 */
export const namespaced = (bubblewrap: string): Box => ({
  level: 'bubblewrap',
  reason: filter
    ? `${bubblewrap} works here`
    : `${bubblewrap} works here, but decoders may start processes: set a limit of them`,
  wrap: (program, args, room) => {
    const inside = noBox.wrap(program, args, room);
    const readable = [...neededFiles(program), ...room.readable, shell];
    return {
      program: bubblewrap,
      args: [
        ...isolated,
        ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
        ...['--dev-bind', '/dev/null', '/dev/null', '--bind', room.dir, room.dir],
        // What is not bound lies in memory, and would be taken from the machine.
        ...['--remount-ro', '/', '--chdir', room.dir, inside.program, ...inside.args],
      ],
      filter,
    };
  },
});

/** Whether this machine lets us make such namespaces. */
export const namespacesWork = (bubblewrap: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(bubblewrap, [...isolated, '--ro-bind', '/', '/', shell, '-c', ':'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.on('error', () => resolve(false)).on('close', (code) => resolve(code === 0));
    giveFilter(child.stdio[3] as Duplex, filter);
  });

/** @param pipe descriptor 3 of the program */
export function giveFilter(pipe: Duplex | undefined, filter: Uint8Array | undefined): void {
  // A program that did not start reads nothing.
  pipe?.on('error', () => {}).end(filter, () => pipe.destroy());
}
