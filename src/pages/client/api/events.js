import { hasEnded } from '../../../jobs/job_state.ts';
import { address, bodyOf, send, withApiKey } from './request.js';

/** @typedef {{ jobId: string, status: string, progress: number, outputVideo: string | null, outputShareLink: string | null, errorMessage: string | null }} Job */

export const retryMs = 1_000;
/** The service sends a comment every 15 s. */
const silenceMs = 40_000;

/**
 * Opens a stream of events, with fetch because EventSource cannot send the key. `blocks` yields its events and
 * comments and throws when the connection is lost. It is undefined if the service refused the request.
 *
 * @param {string} path
 * @param {Record<string, string>} headers
 * @param {AbortSignal} signal
 */
export async function openEvents(path, headers, signal) {
  const connection = new AbortController();
  const lose = () => connection.abort();
  addEventListener('offline', lose, { signal: connection.signal });
  const response = await fetch(address(path), {
    headers: withApiKey(headers),
    signal: AbortSignal.any([signal, connection.signal]),
  });
  const { ok, body } = response;
  return { response, blocks: ok && body ? blocksOf(body, lose) : undefined };
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {() => void} onSilence
 */
async function* blocksOf(stream, onSilence) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const timer = setTimeout(onSilence, silenceMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    yield* blocks;
  }
}

/** @param {string} block the data of an event, '' where it has none */
export const dataOf = (block) =>
  block
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart())
    .join('\n');

/** Shown while there is no connection. */
export const reconnecting = 'Connection lost. Reconnecting…';

/**
 * Follows a job to its end, and reconnects when the stream breaks. Throws with the service's message if it refuses
 * the request.
 *
 * @param {string} jobId
 * @param {(job: Job) => void} onChange
 * @param {() => void} onLost the service cannot be reached; `onChange` follows when it can be again
 * @param {AbortSignal} signal
 */
export async function follow(jobId, onChange, onLost, signal) {
  while (!signal.aborted) {
    try {
      const { response, blocks } = await openEvents(`/api/jobs/${jobId}/events`, {}, signal);
      if (blocks) {
        for await (const block of blocks) {
          const data = dataOf(block);
          if (!data) continue;
          const job = /** @type {Job} */ (JSON.parse(data));
          onChange(job);
          if (hasEnded(job.status)) return;
        }
      } else if (response.status < 500 && response.status !== 429) {
        throw Object.assign(new Error((await response.json()).error), { final: true });
      }
    } catch (error) {
      if (signal.aborted) return;
      if (/** @type {{ final?: boolean }} */ (error).final) throw error;
      onLost();
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    // The stream may have ended without delivering its last event.
    const answer = await send(`/api/status/${jobId}`, { signal });
    if (answer.status !== 200) continue;
    const job = /** @type {Job} */ (bodyOf(answer));
    onChange(job);
    if (hasEnded(job.status)) return;
  }
}
