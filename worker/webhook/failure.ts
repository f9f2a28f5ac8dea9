import { classify, type FailureClass } from '../../src/outbound/failure_class.ts';

/**
 * What went wrong before an HTTP status arrived; `status`: one outside 200 to 299; `secret`: nothing was sent,
 * because no signature could be made.
 */
export type ErrorClass = FailureClass | 'status' | 'secret';

/** A failure as it is logged; the message is a sentence for the receiver's owner. */
export type Failure = { errorClass: ErrorClass; errorMessage: string };

const sentences: Record<FailureClass, string> = {
  dns: "The receiver's host name could not be resolved",
  refused: 'Could not connect to the receiver',
  tls: 'Could not establish a trusted TLS connection to the receiver',
  timeout: 'The receiver did not answer in time',
  reset: 'The connection ended before the receiver had given a valid HTTP answer',
  blocked:
    'The host is or resolves to an address that webhooks may not reach (private, loopback, link-local or reserved)',
};

/** Classifies an error that undici, TLS, the proxy or the look-up threw. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : '';
  const refusedByProxy = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (refusedByProxy) return failureOfProxy(refusedByProxy);
  const { failureClass, code } = classify(error);
  return failure(failureClass, code);
}

/** The failure that an answer means, or null when it is a success. */
export function failureOfStatus(status: number): Failure | null {
  if (status >= 200 && status < 300) return null;
  const errorMessage =
    status >= 300 && status < 400
      ? `The receiver answered with a redirect (${status}), which is not followed: give its final address as webhookUrl.`
      : `The receiver answered ${status} where 200 to 299 was expected.`;
  return { errorClass: 'status', errorMessage };
}

export function failure(errorClass: FailureClass, code?: string): Failure {
  const detail = code ? ` (${code})` : '';
  return { errorClass, errorMessage: `${sentences[errorClass]}${detail}.` };
}

// Egress proxies answer 403 or 407 when a target is not allowed.
function failureOfProxy(status: string): Failure {
  const errorClass = status === '403' || status === '407' ? 'blocked' : 'refused';
  return {
    errorClass,
    errorMessage: `The egress proxy did not connect to the receiver (${status}).`,
  };
}
