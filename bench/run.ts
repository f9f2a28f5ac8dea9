import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './machine.ts';
import type { Measurement } from './measurement.ts';
import { type PartResult, show } from './table.ts';

const help = `Usage: npm run bench [-- NAME…]

Measures the whole project (meant to take ten minutes on two quiet cores), or the named parts, as ratios
against something that runs in the same minute. Prints a table, and after a whole run writes
bench/results.json. It never fails for being slow; a part that breaks, or takes more than four times its
time, is shown as failed.

Parts, and about how many seconds each takes:`;

const parts: Record<string, number> = {
  ...{
    render: 180,
    small_jobs: 40,
    files: 40,
    captions: 60,
    looks: 120,
    responsive: 40,
    upload: 50,
    api: 50,
    webhooks: 30,
    scale: 100,
    load: 130,
  },
};

const args = process.argv.slice(2);
if (args.includes('--help')) {
  const list = Object.entries(parts).map(([name, seconds]) => `  ${name.padEnd(12)} ${seconds}`);
  console.log(`${help}\n${list.join('\n')}`);
} else if (args[0] === '--part' && process.send) {
  // In a separate process, so that no part affects the memory or the pools of the next.
  const module = (await import(`./${args[1]}.ts`)) as Record<string, () => Promise<Measurement[]>>;
  const bench = Object.entries(module).find(([name]) => name.startsWith('bench'))?.[1];
  await bench?.().then(
    (measurements) => process.send?.({ measurements }),
    (error: Error) => process.send?.({ error: error.stack ?? String(error) }),
  );
  process.disconnect();
} else {
  const unknown = args.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    const names = Object.keys(parts).join(', ');
    throw new Error(`There is no benchmark ${unknown.join(', ')}: ${names}.`);
  }
  await benchAll(args.length > 0 ? args : Object.keys(parts), args.length === 0);
}

async function benchAll(names: string[], whole: boolean): Promise<void> {
  const began = performance.now();
  const results: Record<string, PartResult> = {};
  for (const name of names) {
    const seconds = parts[name] ?? 0;
    console.error(`${elapsed(began)} Measuring ${name}, about ${seconds} s`);
    // A soak takes as long as its jobs.
    results[name] = await measure(name, process.env.SOAK_JOBS ? 3_600 : 4 * seconds);
  }
  const machine = await describeMachine();
  for (const [name, result] of Object.entries(results)) show(name, result);
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`\n${Object.values(machine).join(' · ')}\n${elapsed(began)} in all`);
  if (!whole) return;
  const text = JSON.stringify({ machine, seconds, parts: results }, null, 2);
  await writeFile('bench/results.json', `${text}\n`);
  console.log('Written to bench/results.json');
}

/** Runs a part in its own folder and process group, and leaves nothing of either behind. */
async function measure(name: string, limitSeconds: number): Promise<PartResult> {
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'vidgen-bench-'));
  // Root runs the embedded PostgreSQL as another user, which must be able to pass through.
  await chmod(folder, 0o711);
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', '--part', name], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, TMPDIR: folder },
    detached: true,
  });
  const interrupted = (signal: NodeJS.Signals) => {
    void stop(child).then(() => process.kill(process.pid, signal));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  let told: Partial<PartResult> = { error: 'It ended without a result.' };
  child.on('message', (message: Partial<PartResult>) => {
    told = message;
  });
  const limit = setTimeout(() => {
    told = { error: `It did not end within ${limitSeconds} s.` };
    void stop(child);
  }, limitSeconds * 1_000);
  await once(child, 'exit');
  clearTimeout(limit);
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  signalGroup(child, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  const seconds = Math.round((performance.now() - began) / 1_000);
  return { seconds, measurements: [], ...told };
}

/** Asks first: the part's PostgreSQL is outside the group, and only the process that started it stops it. */
async function stop(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  clearTimeout(timer);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // No process of the group is left.
  }
}

function elapsed(began: number): string {
  const seconds = Math.round((performance.now() - began) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
