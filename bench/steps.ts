import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A process that was started, by name, and the CPU seconds that it took. */
export type Step = { program: string; cpu: number };

/**
 * The processes that the work starts, in the order in which they end. What a process took is known when it has
 * ended: Linux adds it to the times of its parent at that moment.
 */
export async function stepsOf(work: () => Promise<unknown>): Promise<Step[]> {
  const steps: Step[] = [];
  let before = cpuOfChildren();
  const started = (message: unknown) => {
    const { process: child } = message as { process: ChildProcess };
    child.on('exit', () => {
      const now = cpuOfChildren();
      steps.push({ program: nameOf(child.spawnargs), cpu: now - before });
      before = now;
    });
  };
  subscribe('child_process', started);
  try {
    await work();
    return steps;
  } finally {
    unsubscribe('child_process', started);
  }
}

/** Without the box, which becomes the program. */
function nameOf(args: string[]): string {
  const boxed = args.indexOf('--');
  return basename(args[boxed + 1] ?? '');
}

function cpuOfChildren(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
