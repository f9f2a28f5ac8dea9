import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Cleanup } from '../support/database.ts';
import { startS3Server } from '../support/s3_server.ts';
import { randomRun } from './random/random_run.ts';
import { scaleOut } from './scale_out/scale_out.ts';

const help = `Usage: npm run chaos -- [--seed N] [--minutes M] [--webs N] [--workers N] [--customers N]
       npm run chaos -- --scale-out [--seed N] [--jobs N] [--keys N]

Runs several API and worker processes on a PostgreSQL of their own, lets customers use them, and meanwhile
kills, stops and restarts processes and database at random. At the end it checks what must hold whatever
happened. Exits with 0 when it does.

  --seed N        what is done to whom; by default another one each time
  --minutes M     how long, 1 by default
  --webs, --workers, --customers   how many: 2, 3 and 8 by default
  --scale-out     three API and three worker processes on one PostgreSQL and one S3 server, which are killed,
                  ended and added while everything is begun at one API process and gone on with at another
  --jobs, --keys  how many for that: 300 and 100 by default`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    'scale-out': { type: 'boolean' },
    ...Object.fromEntries(
      ['seed', 'minutes', 'webs', 'workers', 'customers', 'jobs', 'keys'].map((name) => [
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

// Root runs the database as another user, which must be able to pass through.
const folder = await mkdtemp(join(tmpdir(), 'vidgen-chaos-'));
await chmod(folder, 0o711);
process.env.TMPDIR = folder;
const cleaners: (() => unknown)[] = [];
const seed = number('seed') ?? Math.floor(Math.random() * 1_000_000);
const seconds = (number('minutes') ?? 1) * 60;
console.log(`Seed ${seed}`);
const t: Cleanup = { after: (clean) => void cleaners.push(clean) };
// Not once: npm and the terminal both send the signal, and the second must not interrupt the clean-up.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, async () => {
    await cleanUp();
    process.exit(130);
  });
let cleaned: Promise<void> | undefined;
/** Runs once, for the first caller; the others wait for it. */
function cleanUp(): Promise<void> {
  cleaned ??= (async () => {
    for (const clean of cleaners.reverse()) await clean();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  })();
  return cleaned;
}

try {
  const run = await (values['scale-out'] ? scaledOut() : random());
  console.log(JSON.stringify(run, null, 2));
  console.log(
    run.violations.length === 0 ? 'All that must hold holds.' : 'SOMETHING DOES NOT HOLD.',
  );
  process.exitCode = run.violations.length === 0 ? 0 : 1;
} catch (error) {
  // Printed before the clean-up, which may fail while processes still run.
  console.error(error);
  process.exitCode = 1;
} finally {
  await cleanUp();
}

function random() {
  return randomRun(t, {
    ...{ seed, seconds },
    ...{ webs: number('webs'), workers: number('workers'), customers: number('customers') },
  });
}

async function scaledOut() {
  const s3 = await startS3Server(t);
  const log = console.error;
  return scaleOut(t, { s3, seed, log, jobs: number('jobs') ?? 300, keys: number('keys') ?? 100 });
}
