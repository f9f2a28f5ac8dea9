import { onOwnerGone } from '../../src/process/owner.ts';

// A program that prints the signal it received and exits with status 5.
const end = (reason: string) => {
  console.log(reason);
  process.exitCode = 5;
  clearInterval(alive);
};
const alive = setInterval(() => {}, 1000);
process.on('SIGTERM', () => end('SIGTERM'));
process.on('SIGINT', () => end('SIGINT'));
onOwnerGone(() => end('owner gone'));
console.log('ready');
