import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const compilers = ['cc', 'gcc', 'clang'];

/** Where worker/media/box/box.ts looks for the helper. */
export const boxPath = (root) => join(root, 'node_modules', '.vidgen', 'box');

/** Whether the helper exists and is not older than its source. */
export function boxIsBuilt(root) {
  if (process.platform !== 'linux' || !existsSync(source(root))) return true; // it uses Linux system calls
  const built = statSync(boxPath(root), { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs >= statSync(source(root)).mtimeMs;
}

/**
 * Compiles the helper that keeps decoders away from all other files, if there is a C compiler. Without it the
 * service still runs, and `vidgen doctor` says what is missing.
 *
 * @param findProgram returns the path of a program on the PATH
 */
export function buildBox(root, findProgram) {
  const compiler = compilers.map(findProgram).find(Boolean);
  if (!compiler || !existsSync(source(root))) return;
  const path = boxPath(root);
  mkdirSync(dirname(path), { recursive: true });
  const made = `${path}-${process.pid}`;
  const { status, stderr } = spawnSync(compiler, ['-O2', '-o', made, source(root)], {
    encoding: 'utf8',
  });
  if (status === 0) renameSync(made, path);
  else console.error(`The helper of the sandbox could not be compiled:\n${stderr ?? ''}`);
}

const source = (root) => join(root, 'worker', 'media', 'box', 'box.c');
