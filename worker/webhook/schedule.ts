import type { SentWebhook } from './send.ts';

const suspenseSeconds = 60;
const overloadedStatuses = [429, 502, 504];
const gone = 410;

/**
 * Seconds until the next attempt at a delivery, or null when there is none: delivered, gone (410), or out of
 * steps. `attempt` counts from 1; `schedule` holds the seconds after the first, the second, … attempt. A step
 * varies by ±20 %, so that receivers do not get everything they missed at once. A `Retry-After` can stretch a
 * step to twice its length, but never shorten it.
 */
export function nextAttemptIn(
  attempt: number,
  outcome: Pick<SentWebhook, 'status' | 'errorClass' | 'retryAfterSeconds'>,
  schedule: readonly number[],
  random: () => number = Math.random,
): number | null {
  const step = schedule[attempt - 1];
  if (outcome.errorClass === null || outcome.status === gone || step === undefined) return null;
  const jittered = step * (1 + 0.2 * (2 * random() - 1));
  const asked = Math.min(outcome.retryAfterSeconds ?? 0, 2 * step);
  const overloaded =
    outcome.errorClass === 'timeout' || overloadedStatuses.includes(outcome.status ?? 0);
  return Math.max(jittered, asked, overloaded ? suspenseSeconds : 0);
}
