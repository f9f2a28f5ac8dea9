import { setTimeout as delay } from 'node:timers/promises';
import type { Db, Query } from '../../src/postgres/db.ts';

/** Waits until a condition holds: polls it, and throws with a sentence after a long time. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined | null | false> | Value | undefined | null | false,
  limitMs = 90_000,
): Promise<Value> {
  for (const wait = patience(limitMs); ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (!(await wait())) throw new Error(`Waited in vain: ${what}.`);
  }
}

/**
 * Pauses between the polls of a condition. They grow with the time waited, because polls cost most of the CPU of a
 * long wait. Returns false when the limit has passed.
 */
export function patience(limitMs: number): () => Promise<boolean> {
  const began = performance.now();
  return async () => {
    const waited = performance.now() - began;
    await delay(Math.min(250, 10 + waited / 10));
    return waited < limitMs;
  };
}

/** Waits until the query has a row. */
export const untilRow = <Row>(what: string, db: Db, query: Query<Row>, limitMs?: number) =>
  until(what, () => db.first(query), limitMs);
