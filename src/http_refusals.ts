import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

const refusals = {
  400: [
    'bad_request',
    'This is not a valid HTTP request. Check its URL, headers and body framing.',
  ],
  408: ['request_timeout', 'The headers of the request took too long to arrive. Try again.'],
  414: ['url_too_long', 'The URL is too long. Shorten it.'],
  417: ['expectation_failed', 'The Expect header may only say 100-continue. Leave it away.'],
  431: [
    'headers_too_large',
    'The headers of the request are too large. Send fewer or shorter ones.',
  ],
  500: ['internal_error', 'Something went wrong on our side. Try again with backoff.'],
} as const;

/** The answer to a request that never reaches the app, in the shape of all errors. */
export function errorResponse(status: keyof typeof refusals): Response {
  const { headers, body } = refusal(status);
  return new Response(body, { status, headers });
}

/**
 * Answers on the bare socket what the HTTP parser refused. What the client still sends is thrown away
 * for a moment, or a reset would take the answer from it.
 */
export function answerUnparsable(
  error: NodeJS.ErrnoException & { rawPacket?: Buffer },
  socket: Duplex,
): void {
  const begun = (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent;
  if (error.code === 'ECONNRESET' || !socket.writable || begun) {
    socket.destroy();
    return;
  }
  const status = statusOf(error);
  const { headers, body } = refusal(status);
  const head = Object.entries({
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...head.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => {
    const hungUp = error.code === 'HPE_INVALID_EOF_STATE';
    setTimeout(() => socket.destroy(), hungUp ? 0 : 2_000).unref();
  });
}

function statusOf({
  code,
  rawPacket,
}: NodeJS.ErrnoException & { rawPacket?: Buffer }): keyof typeof refusals {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408;
  if (code !== 'HPE_HEADER_OVERFLOW') return 400;
  // The parser does not say what overflowed. A packet of one endless line is a URL.
  return rawPacket &&
    /^[A-Z]+ /.test(rawPacket.toString('latin1', 0, 16)) &&
    !rawPacket.includes('\n')
    ? 414
    : 431;
}

function refusal(status: keyof typeof refusals) {
  const [code, error] = refusals[status];
  const requestId = randomUUID();
  return {
    headers: { 'Content-Type': 'application/json', 'X-Request-Id': requestId },
    body: JSON.stringify({ error, code, requestId }),
  };
}
