import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cleanup } from '../support/database.ts';

const git = (repository: string, ...words: string[]) =>
  execFileSync('git', words, {
    cwd: repository,
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** The tag of the last release in the history of a repository; undefined before the first. */
export function lastRelease(repository = '.'): string | undefined {
  try {
    return git(repository, 'describe', '--tags', '--abbrev=0', '--match=v[0-9]*').toString().trim();
  } catch {
    return undefined;
  }
}

/** The migrations that are not as a release had them. They may only be followed by new ones. */
export function changedMigrations(tag: string, repository = '.'): string[] {
  const changed = git(
    repository,
    'diff',
    '--name-only',
    '--diff-filter=a',
    tag,
    '--',
    'sql/migrations',
  );
  return changed.toString().split('\n').filter(Boolean);
}

/** A checkout of that tag or commit, with the packages of this one. */
export async function checkout(t: Cleanup, tag: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-release-'));
  t.after(() => rm(folder, { recursive: true }));
  execFileSync('tar', ['--extract', '--directory', folder], { input: git('.', 'archive', tag) });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}
