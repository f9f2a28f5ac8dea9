import { join, resolve } from 'node:path';
import { compiledProgram } from './compiled_program.ts';

/** A module of ours that runs in a separate process. */
export type OwnProgram = {
  program: string;
  args: string[];
  /** What it must be able to read in order to start. */
  readable: string[];
  env: Record<string, string>;
};

const root = resolve(import.meta.dirname, '..', '..', '..');
const programs = new Map<string, Promise<OwnProgram>>();

/** How to start a module below worker/media. Builds replace this file. */
export function ownProgram(module: string): Promise<OwnProgram> {
  const known = programs.get(module) ?? findProgram(module);
  programs.set(module, known);
  return known;
}

async function findProgram(module: string): Promise<OwnProgram> {
  const compiled = await compiledProgram(root, `worker/media/${module}.ts`);
  const { path, readable } = compiled ?? sources(module);
  return {
    program: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', path],
    readable,
    env: {},
  };
}

const sources = (module: string) => ({
  path: join(root, 'worker', 'media', `${module}.ts`),
  readable: ['worker', 'src', 'node_modules', 'package.json'].map((name) => join(root, name)),
});
