import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

export type Commit = { hash: string; day: string };

const root = resolve(import.meta.dirname, '..', '..');

/**
 * The commit that this program is made of, with "-dirty" behind it if files have been changed since, and its day.
 * Undefined where git or its history is missing. A build replaces this module with one that contains the answer.
 */
export function commit(): Commit | undefined {
  if (!existsSync(resolve(root, '.git'))) return undefined;
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const hash = git('describe', '--always', '--dirty', '--exclude=*').trim();
    return { hash, day: git('log', '-1', '--format=%cs').trim() };
  } catch {
    return undefined;
  }
}
