import { bundle } from './bundle.ts';

// npm run build: all of VidGen in dist/vidgen.mjs, for "node dist/vidgen.mjs start" anywhere.
const began = performance.now();
const { files, bytes } = await bundle('dist');
const megabytes = (bytes / 1024 ** 2).toFixed(1);
console.log(
  `dist/ has ${files} files, ${megabytes} MiB. It took ${Math.round(performance.now() - began)} ms.`,
);
