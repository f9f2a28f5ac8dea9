import { setTimeout as delay } from 'node:timers/promises';

const askAgainMs = 50;

/**
 * Runs a statement, again and again while PostgreSQL has no connection left for it: one of our own pool's, or
 * of another process, may be free in a moment. Nothing has been sent by then. `onFull` gets each such refusal.
 */
export async function waitForRoom<T>(
  run: () => PromiseLike<T>,
  limitMs: number,
  onFull?: (refusal: unknown) => void,
): Promise<T> {
  for (const deadline = performance.now() + limitMs; ; ) {
    try {
      return await run();
    } catch (error) {
      const isFull = (error as { code?: string }).code === '53300';
      if (isFull) onFull?.(error);
      if (!isFull || performance.now() + askAgainMs > deadline) throw error;
      await delay(askAgainMs);
    }
  }
}
