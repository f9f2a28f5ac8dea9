import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../../src/log.ts';
import { machineError, RenderError } from './errors.ts';

// A process id can recur: in a restarted container it is always the same.
const thisRun = randomBytes(4).toString('hex');
const prefix = `vidgen-render-${hostname()}-`;

/**
 * Creates a folder whose name identifies its owner, so that leftovers of a killed worker can be recognised.
 */
export async function makeTemporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-${thisRun}-`));
  } catch (error) {
    throw temporaryFault(error);
  }
}

/** What a caller is told when a temporary file could not be written. */
export function temporaryFault(error: unknown): unknown {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  if (/^(ENOSPC|EDQUOT)$/.test(code)) return machineError(message);
  if (!/^(EROFS|EACCES|EPERM|ENOENT|ENOTDIR|EIO)$/.test(code)) return error;
  return new RenderError('The server cannot write its temporary files.', message);
}

/** Removes the temporary folders of workers on this machine that no longer run. */
export async function removeAbandonedFolders(log: Log): Promise<void> {
  try {
    for (const entry of await readdir(tmpdir())) {
      const [, pid, run] = /^(\d+)-(\w+)-/.exec(entry.slice(prefix.length)) ?? [];
      if (!entry.startsWith(prefix) || run === thisRun || isAnothers(Number(pid))) continue;
      await rm(join(tmpdir(), entry), { recursive: true, force: true });
    }
  } catch (err) {
    log.warn({ err }, 'abandoned temporary folders could not be removed');
  }
}

function isAnothers(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
