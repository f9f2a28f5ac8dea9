import { setTimeout as delay } from 'node:timers/promises';
import { isAway } from '../postgres/away.ts';

/** A client has its status and its first bytes already, so waiting is all that can be done for it. */
const patienceMs = 60_000;
const betweenMs = 250;

/** Asks again for as long as Postgres cannot be reached or has no connection free, but not for ever. */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isAway(error) || Date.now() >= until) throw error;
      await delay(betweenMs, undefined, { signal });
    }
  }
}
