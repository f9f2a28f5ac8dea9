import { readdirSync, readFileSync } from 'node:fs';

/** Files that are read, not imported, by their path below some root. */
export type Files = {
  /** Names of the files in a folder, sorted. */
  names(folder: string): string[];
  /** Throws when there is no such file. */
  read(path: string): Buffer;
};

/** @param root a file: URL that ends in a slash */
export const filesBelow = (root: URL): Files => ({
  names: (folder) => readdirSync(new URL(`${folder}/`, root)).sort(),
  read: (path) => readFileSync(new URL(path, root)),
});
