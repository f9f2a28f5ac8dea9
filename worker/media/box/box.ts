import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../../src/operator_error.ts';
import { carriedProgram, findProgram } from './find_program.ts';

const run = promisify(execFile);

/** How a program that reads a caller's bytes is isolated from everything else. */
export type BoxLevel =
  /** The kernel refuses files, sockets, processes and signals (our helper, box.c). */
  | 'landlock'
  /** The same without files: the kernel is older than 5.13 or has Landlock switched off. */
  | 'seccomp'
  /** Namespaces that contain only the program and its folder. */
  | 'bubblewrap'
  | 'limits only'
  | 'off';

/** What one run may use. */
export type Room = {
  /** The only folder that it may write, and the only one of ours that it may read. */
  dir: string;
  /** What else it may read. */
  readable: string[];
  memoryBytes: number;
  cpuSeconds: number;
  fileBytes: number;
};

export type Box = {
  level: BoxLevel;
  /** Why it is this level, and how to raise it. */
  reason: string;
  /** The command line that runs the program inside. The program must be an absolute path. */
  wrap(program: string, args: string[], room: Room): { program: string; args: string[] };
};

export const noBox: Box = {
  level: 'off',
  reason: 'SANDBOX=off',
  wrap: (program, args) => ({ program, args }),
};

/**
 * The strongest box that this machine offers.
 *
 * @throws OperatorError when it is `required` and decoders could still reach other files
 */
export async function openBox(
  wanted: 'auto' | 'required' | 'off',
  found: Found = { helper: carriedProgram('box'), bubblewrap: findProgram('bwrap') },
): Promise<Box> {
  if (wanted === 'off') return noBox;
  const box = await strongest(found);
  if (wanted === 'required' && !['landlock', 'bubblewrap'].includes(box.level)) {
    throw new OperatorError(`SANDBOX=required, but there is only "${box.level}": ${box.reason}`);
  }
  return box;
}

type Found = { helper: string | undefined; bubblewrap: string | undefined };

async function strongest({ helper, bubblewrap }: Found): Promise<Box> {
  const level = helper && (await levelOf(helper));
  if (level === 'landlock') return helped(helper ?? '', level, 'Linux with Landlock');
  if (bubblewrap && (await runs(bubblewrap, ['--unshare-all', '--ro-bind', '/', '/', 'true']))) {
    return namespaced(bubblewrap, level === 'seccomp' ? helper : undefined);
  }
  if (level === 'seccomp') {
    return helped(helper ?? '', level, 'This kernel has no Landlock: use Linux 5.13 or newer.');
  }
  const why = helper
    ? 'This kernel refuses both Landlock and seccomp filters.'
    : 'The helper was not built: install a C compiler (apt-get install gcc libc6-dev) and start again, or install bubblewrap.';
  return limited(why);
}

const levelOf = (helper: string): Promise<string | undefined> =>
  run(helper, ['--level']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );

const runs = (program: string, args: string[]): Promise<boolean> =>
  run(program, args).then(
    () => true,
    () => false,
  );

const helped = (helper: string, level: 'landlock' | 'seccomp', reason: string): Box => ({
  level,
  reason,
  wrap: (program, args, room) => {
    const inside = byHelper(helper, program, args, room);
    return { ...inside, args: ['--parent', `${process.pid}`, ...inside.args] };
  },
});

const byHelper = (
  helper: string,
  program: string,
  args: string[],
  { dir, readable, memoryBytes, cpuSeconds, fileBytes }: Room,
) => ({
  program: helper,
  args: [
    ...[...needsOf(program), ...readable].flatMap((path) => ['--read', path]),
    ...['--write', dir, '--memory', `${memoryBytes}`],
    ...['--cpu', `${cpuSeconds}`, '--file', `${fileBytes}`, '--', program, ...args],
  ],
});

/**
 * Namespaces in which there is nothing but the program, its libraries and its folder.
 *
 * @param helper refuses new processes too; without it they end with the program
 */
export const namespaced = (bubblewrap: string, helper: string | undefined): Box => {
  const limits = limited('');
  return {
    level: 'bubblewrap',
    reason: `${bubblewrap} works here`,
    wrap: (program, args, room) => {
      const inside = helper
        ? byHelper(helper, program, args, room)
        : limits.wrap(program, args, room);
      const readable = [...needsOf(program), ...room.readable, ...(helper ? [helper] : [])];
      return {
        program: bubblewrap,
        args: [
          ...['--unshare-all', '--die-with-parent', '--new-session'],
          ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
          ...['--dev-bind', '/dev/null', '/dev/null', '--bind', room.dir, room.dir],
          // What is not bound lies in memory, and would be taken from the machine.
          ...['--remount-ro', '/', '--chdir', room.dir, '--', inside.program, ...inside.args],
        ],
      };
    },
  };
};

const limited = (reason: string): Box => {
  const prlimit = findProgram('prlimit');
  return {
    level: 'limits only',
    reason,
    wrap: (program, args, { memoryBytes, cpuSeconds, fileBytes }) => {
      if (!prlimit) return { program, args };
      const limits = ['--core=0', '--nofile=256', `--as=${memoryBytes}`];
      // First SIGXCPU, which tells that it was this limit.
      limits.push(`--cpu=${cpuSeconds}:${cpuSeconds + 5}`, `--fsize=${fileBytes}`);
      return { program: prlimit, args: [...limits, '--', program, ...args] };
    },
  };
};

const libraries = [
  '/usr',
  '/lib',
  '/lib64',
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/nix/store',
  '/dev/null',
];

/** A program with the libraries that it is linked to, wherever it is installed. */
function needsOf(program: string): string[] {
  const file = realpathSync(program);
  const own = ['lib', 'lib64'].map((name) => join(dirname(file), '..', name));
  const added = (process.env.LD_LIBRARY_PATH ?? '').split(delimiter);
  const all = [...libraries, file, ...own, ...added];
  return [...new Set(all)].filter((path) => path !== '');
}
