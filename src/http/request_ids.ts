import { randomUUID } from 'node:crypto';

export type RequestIds = {
  /** Ours, which the answer carries. */
  requestId: string;
  /** The caller's or a proxy's, to find the request in their logs. */
  traceId?: string;
};

/**
 * The trace of a W3C traceparent, else an X-Request-Id as it came. Others are left out: an id is short and has
 * no blanks, quotes or control characters.
 *
 * @param header reads a header of the request
 */
export function idsOf(header: (name: string) => string | undefined): RequestIds {
  const [, trace] = traceparent.exec(header('traceparent') ?? '') ?? [];
  const given = header('X-Request-Id') ?? '';
  const traceId = trace ?? (plainId.test(given) ? given : undefined);
  return { requestId: randomUUID(), ...(traceId && { traceId }) };
}

/** Of any version; all zeros mean none. */
const traceparent =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/;
const plainId = /^[\w.:+/=@-]{1,128}$/;
