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
  // Each encoding is a representation of its own.
  const etag = `"${hash('sha1', body, 'base64url')}${isZipped ? '-gzip' : ''}"`;
  c.header('ETag', etag);
  if (isLong) c.header('Vary', 'Accept-Encoding', { append: true });
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304);
  c.header('Content-Type', contentType);
  if (!isZipped) return c.body(body);
  c.header('Content-Encoding', 'gzip');
  return c.body(new Uint8Array(await promisify(gzip)(body, { level: 4 })));
}
