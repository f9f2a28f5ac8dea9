import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';

/** The absolute path of a program, given as a path or found on the PATH by its name. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isPath = isAbsolute(name) || name.includes('/');
  return (isPath ? [resolve(name)] : folders.map((folder) => resolve(folder, name))).find(
    isProgram,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What setup or a build has put into the nearest node_modules, by its path there: `box`, `ffmpeg/ffmpeg`. */
export function carriedProgram(name: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', '.vidgen', name);
    if (isProgram(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}
