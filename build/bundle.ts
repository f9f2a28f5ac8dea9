import { cp, readdir, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { asOneFile } from '../worker/media/box/compiled_program.ts';
import { carriedFiles } from './carried_files.ts';
import { nativePackages } from './native_packages.ts';
import { ownPrograms, ownProgramsBuilt } from './own_program.ts';
import { ownSourceMaps } from './own_source_maps.ts';
import { stamp } from './stamp.ts';

export const root = resolve(import.meta.dirname, '..');

/** What CommonJS packages expect to be defined. */
const commonJs = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;`;

/** Modules with their packages inside, for Node.js. */
export const forNode = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.18',
  sourcemap: 'linked',
  // Line numbers are enough; the source text would be half of the artifact.
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: commonJs },
  // Logs identify classes by name.
  keepNames: true,
  minifySyntax: true,
  minifyWhitespace: true,
  // A crash prints its line, which should not fill the log.
  lineLimit: 160,
} satisfies BuildOptions;

/**
 * Rebuilds `folder`: vidgen.mjs with the whole program inside, its source map, and below node_modules/ the
 * native code of this platform, which cannot be bundled: unless npm installs sharp beside it, on any platform.
 */
export async function bundle(
  folder: string,
  sharpIs: 'inside' | 'beside' = 'inside',
): Promise<{ files: number; bytes: number }> {
  const beside = sharpIs === 'beside' ? ['sharp'] : [];
  await rm(folder, { recursive: true, force: true });
  await build({
    ...forNode,
    entryPoints: ['cli/vidgen.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    // In one file, everything that is beside it would be loaded at once.
    splitting: sharpIs === 'beside',
    // Optional dependencies that packages do without.
    external: ['typescript', 'pg-native', ...beside],
    plugins: [
      ownSourceMaps,
      ownProgramsBuilt,
      stamp,
      carriedFiles(root, [
        ...['sql', 'fonts', 'samples'],
        ...['src/pages/built', 'src/pages/client/pictures', 'src/pages/reference/verify'],
      ]),
    ],
  });
  for (const module of ownPrograms)
    await build({
      ...asOneFile,
      absWorkingDir: root,
      entryPoints: [`worker/media/${module}.ts`],
      outfile: resolve(folder, `${basename(module)}.cjs`),
      external: beside,
      logLevel: 'warning',
    });
  if (sharpIs === 'inside') await copyNativeCode(folder);
  return measure(folder);
}

async function copyNativeCode(folder: string): Promise<void> {
  for (const name of await nativePackages(root)) {
    const path = join('node_modules', name);
    await cp(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !/\/(include|README\.md)$/.test(source),
    });
  }
  for (const [name, without] of carriedPrograms) {
    const path = join('node_modules', '.vidgen', name);
    await cp(join(root, path), join(folder, path), { recursive: true }).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
      console.warn(without);
    });
  }
}

/** What setup and "npm run build:ffmpeg" have compiled, and what a build lacks without it. */
const carriedPrograms = [
  ['box', 'There is no C compiler here: the build will isolate decoders less strictly.'],
  [
    'ffmpeg',
    'Workers will need an ffmpeg of their own: "npm run build:ffmpeg" would put one into the build.',
  ],
] as const;

async function measure(folder: string): Promise<{ files: number; bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
