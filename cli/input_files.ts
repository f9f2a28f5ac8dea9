import { stat } from 'node:fs/promises';
import { UsageError } from './command.ts';

/** Throws a sentence about the first path that leads to no file. */
export async function mustBeFiles(paths: string[]): Promise<void> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile())
      throw new UsageError(found ? `${path} is not a file.` : `There is no file ${path}.`);
  }
}
