type Waiting<Item, Result> = {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

const runsAtOnce = 2;
const mostInARun = 500;

/**
 * Does together what arrives together. A lone item is run at once; those that come while enough runs
 * are under way go together in the next.
 *
 * @param run results in the order of the items; when it rejects, so do those that wait: they would only
 *   fail later
 */
export function batched<Item, Result>(
  run: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running = 0;
  let scheduled = false;

  // After the sockets of this turn were read, so that their requests come together.
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
