import { execFileSync } from 'node:child_process';
import type { Cleanup } from './database.ts';

/** Puts a file system in memory on a folder until the test ends. Needs root. */
export function mount(t: Cleanup, folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  t.after(() => execFileSync('umount', ['--lazy', folder]));
}
