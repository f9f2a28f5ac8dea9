/**
 * Runs the tasks at the same time. When one fails or the signal aborts, the signal of the others is aborted.
 * Rejects with the first reason once all have ended.
 */
export async function together<T extends unknown[]>(
  signal: AbortSignal,
  ...tasks: { [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> }
): Promise<T> {
  const failed = new AbortController();
  const any = AbortSignal.any([signal, failed.signal]);
  const settled = await Promise.allSettled(
    tasks.map(async (task) => {
      try {
        return await task(any);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return settled.map((one) => one.status === 'fulfilled' && one.value) as T;
}
