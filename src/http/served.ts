import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Context } from 'hono';
import { matches } from './serve_blob.ts';

/** A file that is ready to send: text is compressed once, not for each request. */
export type Served = {
  contentType: string;
  etag: string;
  bodies: { identity: Buffer; br?: Buffer; gzip?: Buffer };
};

export async function served(text: string | Buffer, contentType: string): Promise<Served> {
  const identity = Buffer.from(text as string);
  const etag = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  // Pictures and sound are compressed already.
  if (/^(image\/(jpeg|webp)|audio)/.test(contentType))
    return { contentType, etag, bodies: { identity } };
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(identity),
    promisify(gzip)(identity),
  ]);
  return { contentType, etag, bodies: { identity, br, gzip: zipped } };
}

/** Answers GET and HEAD in the best encoding that the client accepts, or with 304. */
export function send(c: Context, file: Served, headers: Record<string, string>): Response {
  const accepted = c.req.header('Accept-Encoding') ?? '';
  const encoding =
    (['br', 'gzip'] as const).find((name) => file.bodies[name] && accepts(accepted, name)) ??
    'identity';
  // Each encoding is a separate representation, so a strong tag must name it.
  const etag = `"${file.etag}-${encoding}"`;
  const common = {
    ...headers,
    ETag: etag,
    Vary: [headers.Vary, 'Accept-Encoding'].filter(Boolean).join(', '),
    'X-Content-Type-Options': 'nosniff',
  };
  if (matches(c.req.header('If-None-Match'), etag)) return c.body(null, 304, common);
  const body = file.bodies[encoding] ?? file.bodies.identity;
  // For HEAD, the adapter sends only the headers.
  return c.body(new Uint8Array(body), 200, {
    ...common,
    'Content-Type': file.contentType,
    'Content-Length': String(body.length),
    ...(encoding !== 'identity' && { 'Content-Encoding': encoding }),
  });
}

/** Whether the header accepts the encoding by name. */
export const accepts = (accepted: string, encoding: string) =>
  accepted
    .split(',')
    .map((one) => one.trim().split(/\s*;\s*/))
    .some(([name, quality = '']) => name === encoding && !/^q=0(\.0*)?$/.test(quality));
