import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { machineError } from '../errors.ts';

/**
 * Reads a file that a program in the box has written. A file of the caller's may have taken that program over, so nothing
 * but a plain file of just this length is read.
 */
export async function readWritten(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size !== bytes)
      throw machineError(`${path} has ${facts.size} bytes instead of ${bytes}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
