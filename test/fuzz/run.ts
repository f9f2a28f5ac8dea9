import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fuzz } from './fuzz.ts';
import { readers } from './readers.ts';

const help = `Usage: npm run fuzz -- [READER...] [--minutes M] [--seed N] [--from I]

Feeds every reader of callers' bytes with damaged files, one reader after the other, and stops at the first
that hangs (10 s), takes more than 150 MB or fails in any way but a refusal. Exits with 0 when none does.
Readers: ${readers.map(({ name }) => name).join(', ')}.

  --minutes M   how long in all, 1 by default
  --seed N      which inputs; by default others each time
  --from I      the number of the first input, to see one again`;

const hangsMs = 10_000;
const mostMemory = 150 * 1024 * 1024;
const inputsBetween = 500;

type Task = { name: string; seed: number; from: number; until: number; dir: string };

if (isMainThread) await main();
else await feed(workerData);

/** In a thread of its own, which can be terminated even inside a loop. */
async function feed({ name, until, ...task }: Task) {
  const reader = readers.find((one) => one.name === name);
  if (!reader) throw new Error(`There is no reader ${name}.`);
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const goesOn = (input: number) => {
    // What many small inputs leave behind is not the memory that one of them takes.
    if (input % inputsBetween === 0) collectGarbage();
    parentPort?.postMessage({ input });
    return Date.now() < until;
  };
  parentPort?.postMessage(await fuzz(reader, { ...task, goesOn }));
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
      from: { type: 'string', default: '0' },
    },
  });
  if (values.help) return console.log(help);
  const names = positionals.length > 0 ? positionals : readers.map(({ name }) => name);
  const [minutes, seed, from] = [values.minutes, values.seed, values.from].map(Number);
  const dir = await mkdtemp(join(tmpdir(), 'vidgen-fuzz-'));
  try {
    for (const name of names) {
      const until = Date.now() + ((minutes ?? 1) * 60_000) / names.length;
      const task = { name, seed: seed ?? 0, from: from ?? 0, until, dir };
      console.log(`${name}: ${await watched(task)}`);
    }
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The outcome in words. Rejects when the reader fails, hangs or takes too much memory. */
function watched(task: Task): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task });
    let latest = { input: task.from, at: Date.now() };
    let [least, most] = [Number.POSITIVE_INFINITY, 0];
    const stop = (what: string) => {
      reject(new Error(`${task.name}, --seed ${task.seed} --from ${latest.input}: ${what}`));
      void worker.terminate();
    };
    const watch = setInterval(() => {
      const memory = process.memoryUsage.rss();
      [least, most] = [Math.min(least, memory), Math.max(most, memory)];
      if (most - least > mostMemory) stop(`${Math.round((most - least) / 2 ** 20)} MB`);
      if (Date.now() - latest.at > hangsMs) stop('hangs');
    }, 50);
    worker.on('message', (told: { input: number } | { inputs: number; refused: number }) => {
      if ('input' in told) latest = { input: told.input, at: Date.now() };
      else {
        const memory = `${Math.round((most - least) / 2 ** 20)} MB`;
        resolve(`${told.inputs} inputs, ${told.refused} refused, ${memory}`);
      }
    });
    worker.on('error', reject);
    worker.on('exit', () => clearInterval(watch));
  });
}
