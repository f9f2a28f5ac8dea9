import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const inMemory = '/dev/shm';
const gib = 1024 ** 3;

/**
 * Where a test run keeps its temporary files: TMPDIR if it is set, else in memory if that has room, else the
 * system's folder. The run creates some hundred thousand files, and on a disk each costs about twenty times the
 * CPU.
 */
export async function temporaryRoot(): Promise<string> {
  const isRoomy = process.availableMemory() > 6 * gib && (await roomIn(inMemory)) > 3 * gib;
  return !process.env.TMPDIR && isRoomy && (await mayRunFiles(inMemory)) ? inMemory : tmpdir();
}

const roomIn = (folder: string): Promise<number> =>
  statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );

/** Container engines mount it noexec, and some tests write programs. */
async function mayRunFiles(root: string): Promise<boolean> {
  const folder = await mkdtemp(join(root, 'vidgen-test-'));
  try {
    const program = join(folder, 'program');
    await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
    await promisify(execFile)(program);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true });
  }
}
