/**
 * Renders of one process share it, but for a job that may have killed a worker: that one waits until
 * the others are through and keeps them waiting until it is. First come, first in.
 */
export function createSharing() {
  type Waiting = { alone: boolean; enter(): void };
  const waiting: Waiting[] = [];
  let inside = 0;
  let isAlone = false;

  function admit(): void {
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (isAlone || (next.alone && inside > 0)) return;
      waiting.shift();
      inside += 1;
      isAlone = next.alone;
      next.enter();
    }
  }

  return {
    /** How many are at it just now. */
    inside: () => inside,
    /** Resolves when it may begin, with the function to call when it is through. */
    async begin(alone: boolean): Promise<() => void> {
      await new Promise<void>((enter) => {
        waiting.push({ alone, enter });
        admit();
      });
      return () => {
        inside -= 1;
        if (alone) isAlone = false;
        admit();
      };
    },
  };
}

export type Sharing = ReturnType<typeof createSharing>;
