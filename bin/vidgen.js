#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const fault =
  major < 22 || (major === 22 && minor < 18)
    ? `VidGen needs Node.js 22.18 or newer (this is ${process.versions.node}): get it from https://nodejs.org.`
    : await load();
if (fault) {
  console.error(fault);
  process.exit(1);
}

/** A package has the compiled program; a checkout has the sources, which tsx lets Node.js run. */
async function load() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (!existsSync(`${root}/cli/vidgen.ts`)) {
    await prepareBox(root);
    return void (await import('../dist/package/vidgen.mjs'));
  }
  try {
    const { register } = await import('tsx/esm/api');
    register();
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return 'The packages of VidGen are not installed: run "npm install" in its folder.';
  }
  await import('../cli/vidgen.ts');
}

/** The helper of the sandbox is compiled where it is to run. Where that fails, `vidgen doctor` says what is missing. */
async function prepareBox(root) {
  const [{ boxIsBuilt, buildBox }, { findProgram }] = await Promise.all([
    import('../setup/box.mjs'),
    import('../setup/programs.mjs'),
  ]);
  try {
    if (!boxIsBuilt(root)) buildBox(root, findProgram);
  } catch {
    // The folder belongs to somebody else.
  }
}
