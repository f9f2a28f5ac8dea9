import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './programs.ts';

const run = promisify(execFile);
const kept = resolve('node_modules/.cache/vidgen-promtool/promtool');

/** For `skip`: why there is no promtool here, or false. In CI there must be. */
export const withoutPromtool: string | false =
  findProgram('promtool') || findProgram('apt-get') || process.env.CI === 'true'
    ? false
    : 'needs promtool, which comes with Prometheus';

/**
 * The path of promtool. Where it is missing, it is taken out of Debian's package, which is not installed: that
 * would start a Prometheus, and needs root.
 */
export async function requirePromtool(): Promise<string> {
  const found = findProgram('promtool') ?? (existsSync(kept) ? kept : undefined);
  if (found) return found;
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-promtool-'));
  try {
    const download = () => run('apt-get', ['download', 'prometheus'], { cwd: folder });
    await download().catch(async () => {
      await run('apt-get', ['-qq', 'update']);
      await download();
    });
    await run('sh', ['-c', 'dpkg-deb --fsys-tarfile *.deb | tar -x ./usr/bin/promtool'], {
      cwd: folder,
    });
    await mkdir(join(kept, '..'), { recursive: true });
    const mine = `${kept}.${process.pid}`;
    await run('cp', [join(folder, 'usr/bin/promtool'), mine]);
    await rename(mine, kept);
    return kept;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
