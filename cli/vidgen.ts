import { vidgen } from './main.ts';

// The reader may stop early: "vidgen jobs list | head".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
// Everything that was opened is closed by then; whatever lingers must not keep the process alive. There is no
// top-level await, because a module with one cannot be required, as the executable does.
vidgen(process.argv.slice(2)).then((status) => process.exit(status));
