import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Db } from '../src/postgres/db.ts';

// Linux reports it in hundredths of a second.
const tick = 0.01;

type Times = { parent: number; own: number; ofEnded: number };

/** Seconds of CPU that a process has used so far, and its children that have ended. */
export async function cpuOf(pid: number): Promise<number> {
  const { own, ofEnded } = await timesOf(pid);
  return own + ofEnded;
}

/** The same of the whole server behind a connection, which must be on this machine. */
export async function cpuOfPostgres(db: Db): Promise<number> {
  const row = await db.first(sql<{ pid: number }>`select pg_backend_pid() as pid`);
  const server = (await timesOf(row?.pid as number)).parent;
  let seconds = await cpuOf(server);
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const times = await timesOf(Number(name)).catch(() => undefined);
    if (times?.parent === server) seconds += times.own;
  }
  return seconds;
}

async function timesOf(pid: number): Promise<Times> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (field: number) => Number(fields[field - 3]);
  return { parent: at(4), own: (at(14) + at(15)) * tick, ofEnded: (at(16) + at(17)) * tick };
}
