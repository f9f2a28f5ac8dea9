import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const name = /^vidgen-render-(\d+)-/;

/** Temporary folders carry the process id, so that what a killed worker left can be told apart. */
export const temporaryPrefix = (): string => join(tmpdir(), `vidgen-render-${process.pid}-`);

/** Removes the temporary folders of workers on this machine that no longer run. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = Number(name.exec(entry)?.[1]);
    if (pid && !isRunning(pid)) await rm(join(tmpdir(), entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
