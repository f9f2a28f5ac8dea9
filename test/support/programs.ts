import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

/** The programs and files that tests use, with the packages of Debian that bring them. */
const packages = {
  bwrap: ['bubblewrap'],
  chromium: ['chromium'],
  faad: ['faad'],
  'firefox-esr': ['firefox-esr'],
  foreman: ['ruby-foreman'],
  gcc: ['gcc', 'libc6-dev'],
  nginx: ['nginx-light'],
  opusdec: ['opus-tools'],
  pgbouncer: ['pgbouncer'],
  php: ['php-cli', 'php-curl'],
  'sndfile-convert': ['sndfile-programs'],
  sox: ['sox'],
  'swift-proxy-server': ['swift-account', 'swift-container', 'swift-object', 'swift-proxy'],
  'systemd-analyze': ['systemd'],
  '/usr/include/wels/codec_api.h': ['libopenh264-dev'],
  // What "npm start" would install, for captions in other scripts.
  '/usr/share/fonts/truetype/noto/NotoSansDevanagari-Regular.ttf': ['fonts-noto-core'],
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc': ['fonts-noto-cjk'],
  '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf': ['fonts-noto-color-emoji'],
} as const satisfies Record<string, readonly string[]>;

export type Program = keyof typeof packages;

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
export const without = (program: Program): string | false =>
  findProgram(program) || canInstall || process.env.CI === 'true'
    ? false
    : `needs ${program}: apt install ${packages[program].join(' ')}`;

/** The path of a program or file, which is installed with Debian's packages when it is missing. */
export async function requireProgram(program: Program): Promise<string> {
  await untilInstalled();
  const found = findProgram(program);
  if (found) return found;
  const wanted = packages[program];
  if (!canInstall) throw new Error(`The tests need ${program}: apt install ${wanted.join(' ')}`);
  await install(wanted);
  const installed = findProgram(program);
  if (!installed) throw new Error(`${wanted.join(' and ')} brought no ${program}.`);
  return installed;
}

/**
 * Installs whatever is missing with one call, which takes half of what one for each takes. While the file exists,
 * requireProgram waits. What cannot be had together is tried again by who needs it.
 */
export async function installPrograms(file: string): Promise<void> {
  const missing = Object.keys(packages).filter((name) => !findProgram(name)) as Program[];
  if (!canInstall || missing.length === 0) return;
  await writeFile(file, '');
  await install(missing.flatMap((name) => packages[name])).catch(() => {});
  await rm(file, { force: true });
}

/** What is being installed looks as if it were there, but may lack its libraries. */
export async function untilInstalled(): Promise<void> {
  const { TEST_INSTALLING: all } = process.env;
  if (all) await until('all packages are installed', () => !existsSync(all), 600_000);
}

async function install(names: readonly string[]): Promise<void> {
  console.error(`Installing ${names.join(', ')} for the tests`);
  const apt = (...words: string[]) =>
    promisify(execFile)('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...words], {
      // At this runlevel no service is started by its package.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
  const wanted = ['install', '--yes', '--no-install-recommends', ...names];
  await apt(...wanted).catch(async (error) => {
    // Not when it was interrupted.
    if (error.code !== 100) throw error;
    await apt('update');
    await apt(...wanted);
  });
}
