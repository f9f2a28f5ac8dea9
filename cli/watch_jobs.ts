import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { isAway } from '../src/postgres/away.ts';
import { type Db, query } from '../src/postgres/db.ts';
import { printJson } from './json_line.ts';
import { table } from './table.ts';

const everyMs = 1_000;
/** Instead of what was shown last. */
const away = 'away';

/**
 * Shows the queue and the latest jobs until SIGINT or SIGTERM: on a terminal as a table that updates;
 * elsewhere as a new table, or a line of JSON, for each change.
 */
export async function watchJobs(
  db: Db,
  { json, limit }: { json: boolean; limit: number },
): Promise<void> {
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    void once(process, signal, { signal: ended.signal }).then(
      () => ended.abort(),
      () => {},
    );
  }
  const { signal } = ended;
  const living = process.stdout.isTTY && !json;
  let before = '';
  while (!signal.aborted) {
    try {
      before = await showOnce(before);
    } catch (error) {
      if (!isAway(error)) throw error;
      if (before !== away) console.error('PostgreSQL is away; trying again.');
      before = away;
    }
    await delay(everyMs, undefined, { signal }).catch(() => {});
  }

  async function showOnce(before: string): Promise<string> {
    const queue = await db.run(query.selectFrom('admin.queue').selectAll());
    const jobs = await db.run(
      query
        .selectFrom('admin.jobs')
        .select([
          'id',
          'status',
          'api_key',
          'age',
          'progress',
          'attempt',
          'worker',
          'error_message',
        ])
        .orderBy('id', 'desc')
        .limit(limit),
    );
    const state = JSON.stringify([queue, jobs], (name, value) =>
      name === 'age' || name === 'oldest' ? undefined : value,
    );
    if (living || state !== before) {
      if (json) printJson({ queue, jobs });
      else show(`${table(queue)}\n\n${table(jobs)}`, living);
    }
    return state;
  }
}

function show(text: string, living: boolean): void {
  if (!living) {
    console.log(`${text}\n`);
    return;
  }
  // A line that wraps would push the rest off the screen.
  const lines = text.split('\n').map((line) => line.slice(0, process.stdout.columns));
  process.stdout.write(`\x1b[H\x1b[J${lines.slice(0, process.stdout.rows - 1).join('\n')}\n`);
}
