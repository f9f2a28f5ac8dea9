import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const niceness = 10;
/** Linux lets a plain user change an autogroup ten times a second. */
const againMs = 110;
const mostTries = 20;

/** The API may run on this machine or even in this process, so rendering takes only what is left over. */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, niceness);
    lowerSession(pid, mostTries);
  } catch {
    // It has already ended.
  }
}

/**
 * Outside containers, Linux divides the CPU among sessions before it divides it among their processes. Each child has
 * a session of its own, so its niceness counts only when the session has it too.
 */
function lowerSession(pid: number, tries: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, `${niceness}`);
  } catch (error) {
    const isTooSoon = (error as NodeJS.ErrnoException).code === 'EAGAIN' && tries > 1;
    if (isTooSoon) setTimeout(lowerSession, againMs, pid, tries - 1).unref();
  }
}
