import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomRun } from './random/random_run.ts';

const help = `Usage: npm run chaos -- [--seed N] [--minutes M] [--webs N] [--workers N] [--customers N]

Runs several API and worker processes on a PostgreSQL of their own, lets customers use them, and meanwhile
kills, stops and restarts processes and database at random. At the end it checks what must hold whatever
happened. Exits with 0 when it does.

  --seed N        what is done to whom; by default another one each time
  --minutes M     how long, 1 by default
  --webs, --workers, --customers   how many: 2, 3 and 8 by default`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    ...Object.fromEntries(
      ['seed', 'minutes', 'webs', 'workers', 'customers'].map((name) => [
        name,
        { type: 'string' as const },
      ]),
    ),
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const number = (name: string) => {
  const given = (values as Record<string, string | undefined>)[name];
  return given === undefined ? undefined : Number(given);
};

// As root the database runs as another user, who must be able to pass.
const folder = await mkdtemp(join(tmpdir(), 'vidgen-chaos-'));
await chmod(folder, 0o711);
process.env.TMPDIR = folder;
const cleaners: (() => unknown)[] = [];
const seed = number('seed') ?? Math.floor(Math.random() * 1_000_000);
const seconds = (number('minutes') ?? 1) * 60;
console.log(`Seed ${seed}, ${seconds} s`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await cleanUp();
    process.exit(130);
  });
async function cleanUp(): Promise<void> {
  for (const clean of cleaners.splice(0).reverse()) await clean();
  await rm(folder, { recursive: true, force: true });
}

try {
  const run = await randomRun(
    { after: (clean) => void cleaners.push(clean) },
    {
      ...{ seed, seconds },
      ...{ webs: number('webs'), workers: number('workers'), customers: number('customers') },
    },
  );
  console.log(JSON.stringify(run, null, 2));
  console.log(
    run.violations.length === 0 ? 'All that must hold holds.' : 'SOMETHING DOES NOT HOLD.',
  );
  process.exitCode = run.violations.length === 0 ? 0 : 1;
} finally {
  await cleanUp();
}
