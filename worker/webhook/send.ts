import { type Dispatcher, request } from 'undici';
import {
  connection,
  type Transport as Outbound,
  parseRetryAfter,
} from '../../src/outbound/connector.ts';
import { checkWebhookUrl } from '../../src/outbound/webhook_url.ts';
import { type ErrorClass, type Failure, failure, failureOf, failureOfStatus } from './failure.ts';
import { type Webhook, webhookHeaders } from './sign.ts';

const answerWithinMs = 15_000;
const headBytes = 4 * 1024;

export type Transport = Outbound & {
  /** Limit for the whole attempt, look-up and answer included. */
  timeoutMs?: number;
};

/** The outcome of one attempt. It is a success when `errorClass` is null. */
export type SentWebhook = {
  durationMs: number;
  status: number | null;
  errorClass: ErrorClass | null;
  errorMessage: string | null;
  /** The start of the answer's body: at most 4 KiB of text without NUL characters. */
  responseHead: string;
  retryAfterSeconds: number | null;
};

type Outcome = Omit<SentWebhook, 'durationMs'>;

/**
 * Sends a webhook once, over a connection of its own, and follows no redirect. The status decides as soon as
 * it has arrived; a body that breaks off or is slow changes nothing. Whatever the receiver does is a returned
 * SentWebhook; only a missing secret throws.
 */
export async function sendWebhook(webhook: Webhook, transport: Transport): Promise<SentWebhook> {
  const startedAt = new Date();
  const clock = performance.now();
  const outcome = await attempt(webhook, webhookHeaders(webhook, startedAt), transport);
  return { durationMs: Math.round(performance.now() - clock), ...outcome };
}

async function attempt(
  { url, body }: Webhook,
  headers: Record<string, string>,
  transport: Transport,
): Promise<Outcome> {
  // Checked again, although it was checked when the job was created, because the allowed ranges may have
  // changed.
  const target = checkWebhookUrl(url, transport.ranges);
  if (!target.ok) return failed(failure('blocked'));
  const timeoutMs = transport.timeoutMs ?? answerWithinMs;
  const signal = AbortSignal.timeout(timeoutMs);
  const { timeoutMs: _, ...outbound } = transport;
  const dispatcher = connection(target.url, outbound, signal);
  // undici heeds a request's own signal only once it is connected.
  signal.addEventListener('abort', () => dispatcher.destroy());
  try {
    return await answered(await request(target.url, { dispatcher, method: 'POST', headers, body }));
  } catch (error) {
    return failed(signal.aborted ? failure('timeout', `${timeoutMs / 1000} s`) : failureOf(error));
  } finally {
    await dispatcher.destroy(over);
  }
}

/** Without it, undici makes an error for each connection, with a stack trace that nobody reads. */
const over = new Error('The attempt is over.');

async function answered({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Outcome> {
  const responseHead = await readHead(body);
  const retryAfterSeconds = parseRetryAfter(headers['retry-after']);
  const outcome = failureOfStatus(statusCode) ?? { errorClass: null, errorMessage: null };
  return { status: statusCode, ...outcome, responseHead, retryAfterSeconds };
}

function failed(reason: Failure): Outcome {
  return { status: null, ...reason, responseHead: '', retryAfterSeconds: null };
}

async function readHead(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= headBytes) break; // leaving the loop destroys the rest unread
    }
  } catch {
    // Broken off or out of time: what has arrived so far is the head.
  }
  return asText(asText(Buffer.concat(chunks)));
}

// Invalid bytes become U+FFFD, which is longer than they are, so the text is cut both before and after
// decoding. A character cut in two at the end is left out. Postgres' text accepts no NUL.
function asText(text: Buffer | string): string {
  const bytes = Buffer.from(text as string).subarray(0, headBytes);
  return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\uFFFD');
}
