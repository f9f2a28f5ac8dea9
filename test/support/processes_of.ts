import { readdirSync, readFileSync } from 'node:fs';

/** The command lines of the processes that name this folder. */
export function processesOf(dir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes(dir) ? [line.replaceAll('\0', ' ')] : [];
      } catch {
        return [];
      }
    });
}
