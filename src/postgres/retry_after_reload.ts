/**
 * Runs a statement, and runs it again if `vidgen migrate` has just replaced a function that the statement had
 * already looked up. In that case it has done nothing yet, and finds the new function.
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
