import { vidgen } from './main.ts';

// Who reads the output may have seen enough: "vidgen jobs list | head".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// All that was opened is closed by then; what still lingers must not keep the process. Without a
// top-level await: a module that has one cannot be required, as the executable does.
vidgen(process.argv.slice(2)).then((status) => process.exit(status));
