#!/usr/bin/env node
import { register } from 'tsx/esm/api';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `VidGen needs Node.js 22.18 or newer (this is ${process.versions.node}): get it from https://nodejs.org.`,
  );
  process.exit(1);
}

// The program is TypeScript as it was written; tsx lets Node.js run it also below node_modules.
register();
await import('../cli/vidgen.ts');
