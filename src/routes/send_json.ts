import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';
import { matches } from '../http/serve_blob.ts';
import { accepts } from '../http/served.ts';

/** Below this, compressing saves less than a packet. */
const leastToCompress = 4_096;

/** Sends JSON that Postgres has written. */
export const sendJson = (c: Context, body: string): Response =>
  c.body(body, 200, { 'Content-Type': 'application/json' });

/**
 * The same for what is asked again and again: 304 when the client has it already, and compressed where that
 * pays.
 */
export async function sendTagged(
  c: Context,
  body: string,
  contentType = 'application/json',
): Promise<Response> {
  const isLong = body.length >= leastToCompress;
  const isZipped = isLong && accepts(c.req.header('Accept-Encoding') ?? '', 'gzip');
  const answer = answerOf(body);
  // Each encoding is a representation of its own.
  const etag = `"${answer.tag}${isZipped ? '-gzip' : ''}"`;
  c.header('ETag', etag);
  if (isLong) c.header('Vary', 'Accept-Encoding', { append: true });
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304);
  c.header('Content-Type', contentType);
  if (!isLong) return c.body(body);
  if (!isZipped) return c.body(answer.bytes());
  c.header('Content-Encoding', 'gzip');
  return c.body(await answer.zipped());
}

/** The last answer is kept: requests that share one send it right after each other. */
let last = newAnswer('');
function answerOf(body: string) {
  if (body !== last.body) last = newAnswer(body);
  return last;
}

/** A body with its tag; its bytes and their compression are made once, when they are first needed. */
function newAnswer(body: string) {
  const once = <T>(make: () => T) => {
    let made: T | undefined;
    return () => (made ??= make());
  };
  const bytes = once(() => new Uint8Array(Buffer.from(body)));
  return {
    body,
    tag: hash('sha1', body, 'base64url'),
    bytes,
    zipped: once(async () => new Uint8Array(await promisify(gzip)(bytes(), { level: 4 }))),
  };
}
