import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Loader, type Plugin } from 'esbuild';
import { forNode, root } from './bundle.ts';
import { ownSourceMaps } from './own_source_maps.ts';

/**
 * Compiles modules of the project with everything they import: `a/b.ts` becomes `a/b.mjs` in `folder`, which
 * must be inside the project, where packages are found. Test runs start hundreds of processes, and compiled
 * ones start in a quarter of the time that tsx takes, module by module.
 */
export async function compile(modules: string[], folder: string): Promise<void> {
  const { devDependencies, optionalDependencies } = JSON.parse(
    await readFile(resolve(root, 'package.json'), 'utf8'),
  );
  await build({
    ...forNode,
    entryPoints: modules,
    outdir: folder,
    outbase: root,
    // Node.js would have to detect the type of a .js file.
    outExtension: { '.js': '.mjs' },
    splitting: true,
    external: [
      'sharp',
      ...Object.keys({ ...devDependencies, ...optionalDependencies }),
      'pg-native',
    ],
    plugins: [ownSourceMaps, keepAddresses],
    // A test is the main module, and so would be the scripts it imports: they would run.
    define: { 'import.meta.main': 'false' },
  });
}

/** Makes a module that looks for files beside itself find them beside its source. */
const keepAddresses: Plugin = {
  name: 'keep addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      const addresses = {
        url: pathToFileURL(path).href,
        dirname: dirname(path),
        filename: path,
      };
      let contents = await readFile(path, 'utf8');
      for (const [name, address] of Object.entries(addresses))
        contents = contents.replaceAll(`import.meta.${name}`, JSON.stringify(address));
      return { contents, loader: extname(path).slice(1) as Loader };
    });
  },
};
