import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const canInstall = process.getuid?.() === 0 && findProgram('apt-get') !== undefined;

/** Where a program, or the file with this path, lies; undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** For `skip`: why a program is not available here, or false. In CI it must be. */
export const without = (program: string, ...packages: string[]): string | false =>
  findProgram(program) || canInstall || process.env.CI === 'true'
    ? false
    : `needs ${program}: apt install ${packages.join(' ')}`;

/** The path of a program or file, which is installed with Debian's packages when it is missing. */
export async function requireProgram(program: string, ...packages: string[]): Promise<string> {
  const found = findProgram(program);
  if (found) return found;
  if (!canInstall) throw new Error(`The tests need ${program}: apt install ${packages.join(' ')}`);
  console.error(`Installing ${packages.join(', ')} for the tests`);
  const apt = (...words: string[]) =>
    promisify(execFile)('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...words], {
      // At this runlevel no service is started by its package.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
  const wanted = ['install', '--yes', '--no-install-recommends', ...packages];
  await apt(...wanted).catch(async () => {
    await apt('update');
    await apt(...wanted);
  });
  const installed = findProgram(program);
  if (!installed) throw new Error(`${packages.join(' and ')} brought no ${program}.`);
  return installed;
}
