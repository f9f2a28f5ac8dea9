import { createHash } from 'node:crypto';
import type { Context } from 'hono';

const bearerOf = (c: Context) =>
  /^Bearer[ \t]+(\S+)$/i.exec(c.req.header('Authorization')?.trim() ?? '')?.[1];

/** Choosing one of the two keys would be a guess. */
export const hasTwoKeys = (c: Context): boolean => {
  const key = c.req.header('X-API-Key');
  const bearer = bearerOf(c);
  return Boolean(key && bearer && key !== bearer);
};

/** The SHA-256 of the request's API key, hexadecimal; null without a key. */
export function keySha256Of(c: Context): string | null {
  const key = c.req.header('X-API-Key') || bearerOf(c);
  return key ? createHash('sha256').update(key).digest('hex') : null;
}
