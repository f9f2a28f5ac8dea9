import { readFileSync } from 'node:fs';

/** Half of what the kernel has for everybody, so that no program takes it all; undefined where it does not tell. */
export function mostThreads(): number | undefined {
  try {
    const most = ['pid_max', 'threads-max'].map((name) =>
      Number(readFileSync(`/proc/sys/kernel/${name}`, 'utf8')),
    );
    return Math.floor(Math.min(...most) / 2) || undefined;
  } catch {
    return undefined;
  }
}
