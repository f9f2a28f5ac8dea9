import type { Log } from '../log.ts';

/** What has been opened so far, so that a start that goes wrong half-way leaves nothing open either. */
export function createClosers(log: Log) {
  const closers: (() => unknown)[] = [];
  return {
    /** Remembers how to close something. */
    add(close: () => unknown): void {
      closers.push(close);
    },
    /** Closes all of it, the last first. What fails to close is logged and keeps nobody. */
    async close(): Promise<void> {
      for (const close of closers.splice(0).reverse()) {
        try {
          await close();
        } catch (err) {
          log.warn({ err }, 'closing');
        }
      }
    },
  };
}

export type Closers = ReturnType<typeof createClosers>;
