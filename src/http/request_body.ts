import type { IncomingMessage } from 'node:http';
import { ApiError } from '../errors.ts';
import { uploadBytes } from '../metrics/counted.ts';

/** How slow a client may be. Only time spent waiting for the client counts, not our own. */
export type Patience = {
  /** Milliseconds without a single byte. */
  stallMs: number;
  /** After the grace, all bytes so far must have arrived at least this fast on average. */
  bytesPerSecond: number;
  graceMs: number;
};

// 100 MB in ten minutes is 175 KB/s. A tenth of that still passes; a byte now and then does not.
export const defaultPatience: Patience = {
  stallMs: 30_000,
  bytesPerSecond: 16 * 1024,
  graceMs: 60_000,
};

/**
 * The bytes of a request's body as they arrive. Unlike iterating over the request itself, stopping early
 * leaves the connection open, so the client can still be answered. Throws ApiError 408 when the client stalls
 * or is too slow, 400 when it disconnects.
 */
export async function* readBody(
  incoming: IncomingMessage,
  patience: Patience = defaultPatience,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  let received = 0;
  let waited = 0;
  while (true) {
    if (signal?.aborted) throw brokenOff();
    const chunk: Buffer | null = incoming.read();
    if (chunk) {
      received += chunk.length;
      uploadBytes.inc(chunk.length);
      yield chunk;
    } else if (incoming.readableEnded) {
      return;
    } else if (incoming.destroyed) {
      throw brokenOff();
    } else {
      const allowed = patience.graceMs + (received / patience.bytesPerSecond) * 1000;
      const from = performance.now();
      const left = Math.max(allowed - waited, 0);
      const late = left < patience.stallMs ? tooSlow : stalled;
      // The error is made only when it is needed: almost every wait ends with more bytes.
      await moreOf(incoming, Math.min(patience.stallMs, left), () => late(patience), signal);
      waited += performance.now() - from;
    }
  }
}

/** Settles when there is data to read, or an end or error to notice. */
function moreOf(
  incoming: IncomingMessage,
  timeoutMs: number,
  late: () => ApiError,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown) => {
      clearTimeout(timer);
      for (const event of events) incoming.off(event, changed);
      signal?.removeEventListener('abort', changed);
      if (error) reject(error);
      else resolve();
    };
    const changed = () => settle();
    const timer = setTimeout(() => settle(late()), timeoutMs);
    for (const event of events) incoming.on(event, changed);
    signal?.addEventListener('abort', changed);
  });
}
const events = ['readable', 'end', 'close', 'error'] as const;

const seconds = (ms: number) => `${ms / 1000} second${ms === 1000 ? '' : 's'}`;

const stalled = ({ stallMs }: Patience) =>
  new ApiError(
    408,
    'upload_too_slow',
    `The upload stalled: no byte came for ${seconds(stallMs)}. Send it again.`,
  );

const tooSlow = ({ bytesPerSecond, graceMs }: Patience) =>
  new ApiError(
    408,
    'upload_too_slow',
    `The upload was too slow: after the first ${seconds(graceMs)} it must average ${Math.ceil(bytesPerSecond / 1024)} KB a second. Send it again on a faster connection, or send smaller files.`,
  );

const brokenOff = () =>
  new ApiError(400, 'upload_broken_off', 'The upload broke off before its end. Send it again.');
