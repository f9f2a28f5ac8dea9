import { realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Libraries, and the shell of programs that are scripts. */
const system = [
  '/usr',
  '/bin',
  '/lib',
  '/lib64',
  '/etc/ld.so.cache',
  '/etc/alternatives',
  '/nix/store',
  '/dev/null',
];

/** A program with the libraries that it is linked to, wherever it is installed. */
export function neededFiles(program: string): string[] {
  const file = realpathSync(program);
  const own = ['lib', 'lib64'].map((name) => join(dirname(file), '..', name));
  const added = (process.env.LD_LIBRARY_PATH ?? '').split(delimiter);
  // Its folder may be a link itself, as /bin is.
  const all = [...system, file, program, ...own, ...added];
  return [...new Set(all)].filter((path) => path !== '');
}
