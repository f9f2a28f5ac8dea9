import { hasEnded } from '../../jobs/job_state.ts';
import { address, bodyOf, send, withApiKey } from './request.js';

/** @typedef {{ jobId: string, status: string, progress: number, outputVideo: string | null, outputShareLink: string | null, errorMessage: string | null }} Job */

const retryMs = 1_000;

/**
 * The blocks of an event stream as they arrive. EventSource cannot send the key, fetch can.
 *
 * @param {ReadableStream<Uint8Array>} stream
 */
export async function* blocksOf(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
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

/**
 * Follows a job to its end. Reconnects when the stream breaks; throws a sentence when the service
 * will not tell.
 *
 * @param {string} jobId
 * @param {(job: Job) => void} onChange
 * @param {AbortSignal} signal
 */
export async function follow(jobId, onChange, signal) {
  while (!signal.aborted) {
    try {
      const response = await fetch(address(`/api/jobs/${jobId}/events`), {
        headers: withApiKey(),
        signal,
      });
      if (response.ok && response.body) {
        for await (const block of blocksOf(response.body)) {
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
    }
    await new Promise((resolve) => setTimeout(resolve, retryMs));
    // A stream may have ended before its last event came through.
    const answer = await send(`/api/status/${jobId}`, { signal });
    if (answer.status !== 200) continue;
    const job = /** @type {Job} */ (bodyOf(answer));
    onChange(job);
    if (hasEnded(job.status)) return;
  }
}
