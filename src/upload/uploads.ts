import { ApiError } from '../errors.ts';

/** What one process receives at once: each upload holds a connection, a buffer and a writer. */
const maxUploads = 256;
/** Of one API key, so that it leaves room for others. */
const maxRepeated = 20;

const soon = { headers: { 'Retry-After': '5' } };
/** A 429 never asks to come back before the window of the rate limit ends, which is a minute. */
const later = { headers: { 'Retry-After': '60' } };

type UnderWay = { count: number; idempotencyKey: string | null };

/**
 * The uploads that this process is receiving: one for each API key. Submissions that repeat an
 * Idempotency-Key together may arrive, up to a number, because each must be answered with the one job.
 */
export function createUploads(most = maxUploads) {
  const byKey = new Map<string, UnderWay>();
  let count = 0;
  let bytes = 0;
  return {
    /** Announced by uploads that have not ended: they count against the total quota. */
    get bytes(): number {
      return bytes;
    },
    /** Returns a function that ends it. Throws ApiError 409 or 429. */
    begin(apiKeyId: string, idempotencyKey: string | null, announced: number): () => void {
      const other = byKey.get(apiKeyId);
      const repeats = idempotencyKey !== null && other?.idempotencyKey === idempotencyKey;
      if (other && (!repeats || other.count >= maxRepeated))
        throw new ApiError(
          409,
          'upload_under_way',
          'Another submission of this API key is being uploaded. Wait until it has arrived and its job has ended.',
          soon,
        );
      if (count >= most)
        throw new ApiError(
          429,
          'too_many_uploads',
          'The service is receiving as many uploads as it can. Wait for Retry-After seconds, then try again.',
          later,
        );
      const own = other ?? { count: 0, idempotencyKey };
      byKey.set(apiKeyId, own);
      own.count++;
      count++;
      bytes += announced;
      return () => {
        count--;
        bytes -= announced;
        if (--own.count === 0) byKey.delete(apiKeyId);
      };
    },
  };
}

export type Uploads = ReturnType<typeof createUploads>;
