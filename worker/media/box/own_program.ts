import { join, resolve } from 'node:path';

/** A module of ours that runs in a separate process. */
export type OwnProgram = {
  program: string;
  args: string[];
  /** What it must be able to read in order to start. */
  readable: string[];
  env: Record<string, string>;
};

const root = resolve(import.meta.dirname, '..', '..', '..');

/** How to start a module below worker/media. Builds replace this file. */
export const ownProgram = (module: string): OwnProgram => ({
  program: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', join(root, 'worker', 'media', `${module}.ts`)],
  readable: ['worker', 'src', 'node_modules', 'package.json'].map((name) => join(root, name)),
  env: {},
});
