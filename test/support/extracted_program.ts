import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './programs.ts';

const run = promisify(execFile);
/** Programs that a test run leaves for the next. */
export const keptPrograms = resolve('node_modules/.cache/vidgen-programs');

/** For `skip`: why a program cannot be had here, or false. In CI it must be. */
export const withoutExtracted = (program: string): string | false =>
  findProgram(program) || findProgram('apt-get') || process.env.CI === 'true'
    ? false
    : `needs ${program}`;

/**
 * The path of a program that needs no libraries. Where it is missing, it is taken out of Debian's package, which is
 * not installed: that would start a service, and needs root.
 */
export async function requireExtracted(program: string, from: string): Promise<string> {
  const path = join(keptPrograms, program);
  const found = findProgram(program) ?? (existsSync(path) ? path : undefined);
  if (found) return found;
  const folder = await mkdtemp(join(tmpdir(), `vidgen-${program}-`));
  try {
    const download = () => run('apt-get', ['download', from], { cwd: folder });
    await download().catch(async () => {
      await run('apt-get', ['-qq', 'update']);
      await download();
    });
    const extract = `dpkg-deb --fsys-tarfile *.deb | tar -x ./usr/bin/${program}`;
    await run('sh', ['-c', extract], { cwd: folder });
    await mkdir(keptPrograms, { recursive: true });
    const mine = `${path}.${process.pid}`;
    await run('cp', [join(folder, 'usr/bin', program), mine]);
    await rename(mine, path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
