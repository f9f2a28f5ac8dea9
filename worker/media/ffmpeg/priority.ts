import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const niceness = 10;
/** Of 1000, which would say that it may always be ended first. */
const outOfMemory = 500;
/** Linux lets a plain user change an autogroup ten times a second. */
const againMs = 110;
const mostTries = 20;

/**
 * The API may run on this machine or even in this process, so rendering takes only what is left over, and where memory
 * runs out, Linux ends it before the worker or PostgreSQL.
 */
export function lowerPriority(pid: number): void {
  try {
    setPriority(pid, niceness);
    lowerSession(pid, mostTries);
    writeFileSync(`/proc/${pid}/oom_score_adj`, `${outOfMemory}`);
  } catch {
    // It has already ended, or this is not Linux.
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
