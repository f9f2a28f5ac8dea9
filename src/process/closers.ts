import type { Log } from '../log.ts';

/** What has been opened so far, so that a start that fails half-way leaves nothing open. */
export function createClosers(log: Log) {
  const closers: (() => unknown)[] = [];
  return {
    /** Remembers how to close something. */
    add(close: () => unknown): void {
      closers.push(close);
    },
    /** Closes everything, last opened first. A failure to close is logged and does not stop the rest. */
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
