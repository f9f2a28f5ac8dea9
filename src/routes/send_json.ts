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
  const prepared = prepare(body);
  // Each encoding is a representation of its own.
  const etag = `"${prepared.tag}${isZipped ? '-gzip' : ''}"`;
  c.header('ETag', etag);
  if (isLong) c.header('Vary', 'Accept-Encoding', { append: true });
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304);
  c.header('Content-Type', contentType);
  if (!isLong) return c.body(body);
  if (!isZipped) return c.body(prepared.bytes());
  c.header('Content-Encoding', 'gzip');
  return c.body(await prepared.zipped());
}

/** Requests that share an answer send it one after the other: the last one is kept. */
let last = prepared('');
function prepare(body: string) {
  if (body !== last.body) last = prepared(body);
  return last;
}

/** What it costs to send a long body, paid once. */
function prepared(body: string) {
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
