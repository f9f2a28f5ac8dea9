#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
const fault =
  major < 22 || (major === 22 && minor < 18)
    ? `VidGen needs Node.js 22.18 or newer (this is ${process.versions.node}): get it from https://nodejs.org.`
    : await load();
if (fault) {
  console.error(fault);
  process.exit(1);
}

/** The program is TypeScript as it was written; tsx lets Node.js run it also below node_modules. */
async function load() {
  try {
    const { register } = await import('tsx/esm/api');
    register();
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return 'The packages of VidGen are not installed: run "npm install" in its folder.';
  }
  await import('../cli/vidgen.ts');
}
