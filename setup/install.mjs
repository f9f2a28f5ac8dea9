import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const windows = process.platform === 'win32';

/** A problem that a person can fix: shown as one sentence, without a stack. */
export class Refusal extends Error {}

export const say = (message) => console.error(message);

export function isOlder(version, minimum) {
  const numbers = version.split('.').map(Number);
  for (const [index, least] of minimum.split('.').map(Number).entries()) {
    if ((numbers[index] ?? 0) !== least) return (numbers[index] ?? 0) < least;
  }
  return false;
}

/** Runs a program to its end; resolves to its exit code. */
export function finish(program, args, options) {
  return new Promise((resolve) => {
    const child = spawn(program, args, options);
    process.once('exit', () => child.kill());
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Does `work` unless it is `done`, one command at a time. The lock is a file that its holder keeps fresh, so
 * a lock left by a killed process is recognised by its age.
 */
export async function exclusivelyUnless(done, work) {
  if (done()) return;
  const lock = join(root, '.vidgen', 'setup.lock');
  mkdirSync(dirname(lock), { recursive: true });
  for (let told = false; !take(lock); told = true) {
    if (!told) say('Another command is setting up: waiting for it');
    await new Promise((wake) => setTimeout(wake, 200));
    if (done()) return;
  }
  const freshen = setInterval(() => utimes(lock, new Date(), new Date(), () => {}), 1000);
  const leave = () => rmSync(lock, { force: true });
  const quit = () => process.exit(1);
  process.once('exit', leave).once('SIGINT', quit).once('SIGTERM', quit);
  try {
    if (!done()) await work();
  } finally {
    clearInterval(freshen);
    process.off('exit', leave).off('SIGINT', quit).off('SIGTERM', quit);
    leave();
  }
}

function take(lock) {
  try {
    writeFileSync(lock, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10_000) rmSync(lock, { force: true });
    return false;
  }
}
