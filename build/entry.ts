import { vidgen } from '../cli/main.ts';

// As cli/vidgen.ts, but without a top-level await: a module that has one cannot be required.
vidgen(process.argv.slice(2)).then((status) => process.exit(status));
