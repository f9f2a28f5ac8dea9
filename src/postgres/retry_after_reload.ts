/**
 * Runs a statement. Again, if `vidgen migrate` has just put a new function in the place of one that the
 * statement had already looked up: it has done nothing then, and finds the new one.
 */
export async function retryAfterReload<T>(run: () => PromiseLike<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'XX000' || !message.startsWith('cache lookup failed for function')) throw error;
    return await run();
  }
}
