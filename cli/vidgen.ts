import { vidgen } from './main.ts';

// All that was opened is closed by now; what still lingers must not keep the process.
process.exit(await vidgen(process.argv.slice(2)));
