type Waiting<Item, Result> = {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

const runsAtOnce = 2;
const mostInARun = 500;

/**
 * Processes together what arrives together. A lone item runs at once; items that arrive while enough runs are
 * under way share the next run.
 *
 * @param run returns results in the order of the items. When it rejects, waiting items reject too, because
 * they would only fail later.
 */
export function batched<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running = 0;
  let scheduled = false;

  // Deferred until the sockets of this turn have been read, so that their requests share a batch.
  function schedule(): void {
    if (scheduled || running >= runsAtOnce || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void start(waiting.splice(0, mostInARun));
    });
  }

  async function start(batch: Waiting<Item, Result>[]): Promise<void> {
    running++;
    try {
      const results = await run(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    } catch (error) {
      for (const { reject } of [...batch, ...waiting.splice(0)]) reject(error);
    } finally {
      running--;
      schedule();
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
