import { randomUUID } from 'node:crypto';
import { IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from '../errors.ts';

/** Answers a request that is refused before it reaches the app; `incoming` is what is known of it. */
export type Refuse = (refusal: ApiError, incoming: IncomingMessage) => Response | Promise<Response>;

export const maxUrlLength = 8 * 1024;

export const badRequest = () =>
  new ApiError(
    400,
    'bad_request',
    'This is not a valid HTTP request. Check its URL, headers and body framing.',
  );

const requestTimeout = () =>
  new ApiError(
    408,
    'request_timeout',
    'The headers of the request took too long to arrive. Try again.',
  );

export const urlTooLong = () =>
  new ApiError(414, 'url_too_long', 'The URL is too long. Shorten it.');

export const expectationFailed = () =>
  new ApiError(
    417,
    'expectation_failed',
    'The Expect header may only say 100-continue. Leave it out.',
  );

const headersTooLarge = () =>
  new ApiError(
    431,
    'headers_too_large',
    'The headers of the request are too large. Send fewer or shorter ones.',
  );

/** The JSON of an error, for when no app can write it. */
export function errorResponse({ status, code, message }: ApiError): Response {
  const requestId = randomUUID();
  return Response.json(
    { error: message, code, requestId },
    { status, headers: { 'X-Request-Id': requestId } },
  );
}

type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer };

/**
 * Answers, once and on the bare socket, what the HTTP parser refused. Further data from the client is
 * discarded for a moment, because a reset would take the answer away from it.
 */
export function refuseUnparsable(refuse: Refuse): (error: ParserError, socket: Socket) => void {
  const refused = new WeakSet<Socket>();
  return async (error, socket) => {
    // Every further packet raises an error again.
    if (refused.has(socket)) return;
    refused.add(socket);
    const underWay = (socket as { _httpMessage?: ServerResponse })._httpMessage;
    // Browsers open spare connections: one that never sent anything has asked for nothing.
    const saidNothing = socket.bytesRead === 0;
    if (error.code === 'ECONNRESET' || !socket.writable || saidNothing || underWay?.headersSent) {
      socket.destroy();
      return;
    }
    const incoming = underWay?.req ?? new IncomingMessage(socket);
    const answer = await asText(await refuse(refusalOf(error), incoming));
    // Meanwhile the app may have started an answer of its own.
    socket.end(underWay?.headersSent ? '' : answer, () => {
      const hungUp = error.code === 'HPE_INVALID_EOF_STATE';
      setTimeout(() => socket.destroy(), hungUp ? 0 : 2_000).unref();
    });
  };
}

async function asText(response: Response): Promise<string> {
  const body = await response.text();
  const lines = [
    `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status]}`,
    ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function refusalOf({ code, rawPacket }: ParserError): ApiError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return requestTimeout();
  if (code !== 'HPE_HEADER_OVERFLOW') return badRequest();
  // The parser does not say what overflowed. If the first line of the packet has no end, or is long, it is
  // the URL.
  if (!rawPacket || !/^[A-Z]+ /.test(rawPacket.toString('latin1', 0, 16))) return headersTooLarge();
  const firstLine = rawPacket.indexOf('\n');
  return firstLine < 0 || firstLine > maxUrlLength ? urlTooLong() : headersTooLarge();
}
