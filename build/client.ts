import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { root } from './bundle.ts';

/** The client as one module, for browsers and Node.js. */
export const clientModule = {
  absWorkingDir: root,
  entryPoints: ['client/index.ts'],
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: ['es2022', 'node20.3'],
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** Rebuilds `folder`: the module, and the types of its exports, which "npm run check" has checked. */
export async function buildClient(folder = join(root, 'client/dist')): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await build({ ...clientModule, outfile: resolve(folder, 'index.js') });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '--project', join(root, 'client'), '--outDir', folder];
  await promisify(execFile)(process.execPath, args);
}

if (import.meta.main) await buildClient();
