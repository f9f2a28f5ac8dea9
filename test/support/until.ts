import { setTimeout as delay } from 'node:timers/promises';
import type { Db, Query } from '../../src/postgres/db.ts';

/** Waits until a condition holds: polls it, and throws with a sentence after a long time. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined | null | false> | Value | undefined | null | false,
  limitMs = 90_000,
): Promise<Value> {
  for (const deadline = performance.now() + limitMs; ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`Waited in vain: ${what}.`);
    await delay(25);
  }
}

/** Waits until the query has a row. */
export const untilRow = <Row>(what: string, db: Db, query: Query<Row>, limitMs?: number) =>
  until(what, () => db.first(query), limitMs);
