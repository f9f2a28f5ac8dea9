import { setTimeout as delay } from 'node:timers/promises';
import { S3ServiceError } from 's3mini';
import { ApiError, retryAfterSeconds } from '../errors.ts';

const tries = 4;

/** Every request of ours may be repeated, and bodies are buffers, so they can be sent again. */
export const persistentFetch =
  (signal?: AbortSignal): typeof fetch =>
  async (input, init) => {
    // Imported only when there is a bucket.
    const { leanFetch } = await import('./lean_fetch.ts');
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await leanFetch(String(input), init, signal);
        const busy = answer.status >= 500 || answer.status === 429;
        if (!busy || attempt === tries) return answer;
        await answer.body?.cancel();
      } catch (error) {
        if (signal?.aborted || attempt === tries) throw error;
      }
      await delay(100 * 2 ** attempt * (0.5 + Math.random()), undefined, { signal });
    }
  };

/** An answer of the store repeats what was signed, so logs get only its status and code. */
export async function withClearErrors<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const known = error instanceof S3ServiceError ? error : undefined;
    const plain = known
      ? Object.assign(
          new Error(`The object store answered ${known.status} ${known.serviceCode}.`),
          {
            status: known.status,
          },
        )
      : error;
    const away = known
      ? known.status >= 500 || known.status === 429
      : /^(UND_ERR_|E[A-Z]+$)/.test(String((error as { code?: unknown }).code));
    if (!away) throw plain;
    throw new ApiError(
      500,
      'storage_unavailable',
      'The service cannot reach its file storage. Try again shortly.',
      { headers: { 'Retry-After': String(retryAfterSeconds) }, cause: plain },
    );
  }
}
