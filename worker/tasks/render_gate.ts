/**
 * Renders of one process pass the gate together, except a job that may have killed a worker: that one waits
 * until the others have finished, and keeps them waiting until it has. First come, first served.
 */
export function createRenderGate() {
  type Waiting = { alone: boolean; open(): void };
  const waiting: Waiting[] = [];
  let inside = 0;
  let isAlone = false;

  function admit(): void {
    for (let next = waiting[0]; next; next = waiting[0]) {
      if (isAlone || (next.alone && inside > 0)) return;
      waiting.shift();
      inside += 1;
      isAlone = next.alone;
      next.open();
    }
  }

  return {
    /** How many are inside. */
    inside: () => inside,
    /** Resolves when the render may start, with a function to call when it has finished. */
    async enter(alone: boolean): Promise<() => void> {
      await new Promise<void>((open) => {
        waiting.push({ alone, open });
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

export type RenderGate = ReturnType<typeof createRenderGate>;
