import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const wanted = 'test/docs/bru';
const caches = resolve('node_modules/.cache');

/**
 * The folder of Bruno's own runner, `bru`. It consists of 508 packages (275 MB): as a dependency of the project it
 * would make every `npm ci` half as long again for one test. So it has a lockfile of its own, and is installed when
 * the test first needs it.
 */
export async function requireBru(): Promise<string> {
  const lock = await readFile(`${wanted}/package-lock.json`);
  const name = `bru-${createHash('sha256').update(lock).digest('hex').slice(0, 8)}`;
  const programs = join(caches, name, 'node_modules/.bin');
  if (existsSync(programs)) return programs;
  console.error('Installing bru for the tests (about a minute, only the first time)');
  const folder = await mkdtemp(join(caches, `${name}-`));
  try {
    await cp(wanted, folder, { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: folder });
    // Whoever comes second has it already.
    await rename(folder, join(caches, name)).catch((error) => {
      if (!existsSync(programs)) throw error;
    });
    return programs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
