import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants as system } from 'node:os';
import { basename } from 'node:path';
import { Refusal } from './install.mjs';

/** Runs FILE and behaves like it: same streams, same signals, same exit. */
export async function run(runtime, file, args) {
  if (!existsSync(file)) throw new Refusal(`There is no file ${basename(file)} to run.`);
  const loader = ['--import', import.meta.resolve('tsx')];
  // The IPC channel tells FILE when this process is gone, however it died.
  const child = spawn(runtime, [...loader, file, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let last = 0;
  const forward = (signal) => {
    const again = Date.now() - last < 1000;
    last = Date.now();
    // Ctrl-C on a terminal reaches FILE directly, and npm repeats it; FILE must receive it once.
    if (signal === 'SIGINT' && (process.stdin.isTTY || again)) return;
    child.kill(signal);
  };
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  const descent = parents();
  const watch = setInterval(() => {
    if (parents() === descent) return;
    clearInterval(watch);
    if (last === 0) forward('SIGTERM');
  }, 200);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...end) => resolve(end));
  });
  clearInterval(watch);
  process.off('SIGINT', forward);
  process.off('SIGTERM', forward);
  if (signal) process.kill(process.pid, signal);
  process.exitCode = code ?? 128 + system.signals[signal];
}

/**
 * The processes that started this one, if npm did; the value changes when one of them is gone. npm passes a
 * signal only to the shell in between, which dies of it silently.
 */
function parents() {
  const { ppid } = process;
  if (!process.env.npm_lifecycle_event) return '';
  const told = (name) => {
    try {
      return readFileSync(`/proc/${ppid}/${name}`, 'utf8');
    } catch {
      return ''; // not Linux, or just gone
    }
  };
  const isShell = told('cmdline').split('\0')[1] === '-c';
  return isShell ? `${ppid} ${/^PPid:.*/m.exec(told('status'))}` : `${ppid}`;
}
