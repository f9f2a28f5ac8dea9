import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './bundle.ts';

/** Scripts and styles of the pages, each with all that it imports. */
const entries = [
  ...['docs/docs.js', 'docs/errors.js', 'docs/docs.css'],
  ...['share/share.js', 'share/share.css', 'ops/ops.js', 'ops/ops.css'],
];

/**
 * What browsers get of src/pages/client, bundled and minified: file name → content. The first load of the page
 * is one script and one style sheet, a third of the bytes of its modules.
 */
export async function pageAssets(): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((name) => join('src/pages/client', name)),
    entryNames: '[name]',
    outdir: 'src/pages/built',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome110', 'firefox115', 'safari16.4'],
    external: ['*.svg'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [`src/pages/built/${basename(path)}`, text]),
  );
}
