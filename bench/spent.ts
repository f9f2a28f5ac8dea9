import { readFileSync } from 'node:fs';

export type Spent = {
  seconds: number;
  cpu: number;
  /** The peak sum of the resident sizes of this process and its children. */
  megabytes: number;
  /** The same with shared pages counted once: the memory that they take from the machine. */
  ownMegabytes: number;
};

/** Wall-clock seconds, CPU seconds and memory of this process and its children while the work runs. By Linux. */
export async function spentOn(work: () => Promise<unknown>): Promise<Spent> {
  const most = { megabytes: 0, ownMegabytes: 0 };
  const look = () => {
    const now = memory();
    most.megabytes = Math.max(most.megabytes, now.megabytes);
    most.ownMegabytes = Math.max(most.ownMegabytes, now.ownMegabytes);
  };
  const watch = setInterval(look, 50);
  const cpuBefore = cpuSeconds();
  const began = performance.now();
  try {
    await work();
    const seconds = (performance.now() - began) / 1000;
    const cpu = cpuSeconds() - cpuBefore;
    look();
    return { seconds, cpu, ...most };
  } finally {
    clearInterval(watch);
  }
}

export function told({ seconds, cpu }: Spent): string {
  return `${seconds.toFixed(1)} s (CPU ${cpu.toFixed(1)} s)`;
}

/** Of this process and of those of its children that have ended. */
function cpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

function memory() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  const sum = { megabytes: 0, ownMegabytes: 0 };
  for (const pid of [process.pid, ...children.trim().split(' ').filter(Boolean)]) {
    try {
      const pages = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      sum.megabytes += Number(/^Rss:\s+(\d+)/m.exec(pages)?.[1] ?? 0) / 1024;
      sum.ownMegabytes += Number(/^Pss:\s+(\d+)/m.exec(pages)?.[1] ?? 0) / 1024;
    } catch {
      // It has just ended.
    }
  }
  return sum;
}
