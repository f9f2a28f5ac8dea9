import { accessSync, constants, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Locks between processes, held by the operating system: they end with the process that holds them, however
 * it dies. Node offers no flock, but SQLite locks its files on every platform, so each lock is an SQLite file
 * (always empty).
 */
export interface FileLock {
  release(): void;
}

const busy = 5; // SQLITE_BUSY

/** Takes the lock, or returns undefined when another holder prevents it. */
export function tryLock(path: string, mode: 'shared' | 'exclusive'): FileLock | undefined {
  if (existsSync(path)) accessSync(path, constants.W_OK); // a read-only file would lock nothing
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec(mode === 'exclusive' ? 'begin exclusive' : 'begin; select 1 from sqlite_schema');
    return { release: () => database.isOpen && database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return undefined;
    throw error;
  }
}

/** Waits for the lock; rejects with the sentence `refusal` after `timeout` milliseconds. */
export async function waitForLock(
  path: string,
  mode: 'shared' | 'exclusive',
  timeout: number,
  refusal: string,
): Promise<FileLock> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const lock = tryLock(path, mode);
    if (lock) return lock;
    if (Date.now() > deadline) throw new Error(refusal);
    await delay(25);
  }
}
