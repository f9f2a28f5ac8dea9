import { bundle } from './bundle.ts';
import { makeExecutable } from './executable.ts';

// npm run build:binary: Node.js and all of dist/ in one file, dist/vidgen.
const began = performance.now();
await bundle('dist');
const bytes = await makeExecutable('dist', 'dist/vidgen');
const seconds = ((performance.now() - began) / 1000).toFixed(1);
console.log(
  `dist/vidgen is one file of ${(bytes / 1024 ** 2).toFixed(1)} MiB. It took ${seconds} s.`,
);
