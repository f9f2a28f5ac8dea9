import type { Plugin } from 'esbuild';

/** The modules below worker/media that run in a separate process. */
export const ownPrograms = [
  'mp4/index_program',
  'picture/compose_program',
  'picture/captions/draw_program',
];

/**
 * In a build each such module is a file beside vidgen.mjs. The single executable cannot be told on its
 * command line what to run, so build/launcher.ts reads it from the environment.
 */
export const ownProgramsBuilt: Plugin = {
  name: 'own programs',
  setup({ onLoad }) {
    onLoad({ filter: /\/worker\/media\/box\/own_program\.ts$/ }, () => ({
      contents,
      loader: 'js',
    }));
  },
};

const contents = `
  import { basename, dirname, join } from 'node:path';
  import { isSea } from 'node:sea';
  // Split in two, or compiling the tests would insert this file's own address.
  const own = import.${'meta'}.dirname;
  // Installed by npm, it finds sharp in the folders named node_modules that it is below.
  const packages = [];
  for (let up = own; up !== dirname(up); up = dirname(up))
    if (basename(up) === 'node_modules') packages.push(up);
  export const ownProgram = async (module) => {
    const folder = isSea() ? globalThis.vidgenUnpack() : own;
    const path = join(folder, basename(module) + '.cjs');
    return {
      program: process.execPath,
      args: isSea() ? [] : [path],
      readable: [folder, process.execPath, ...packages],
      env: isSea() ? { VIDGEN_PROGRAM: path } : {},
    };
  };`;
