import { bundle } from './bundle.ts';

// npm pack and npm publish begin with this: what the package has instead of the sources.
await bundle('dist/package', 'beside');
