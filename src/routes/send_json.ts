import type { Context } from 'hono';

/** Sends JSON that Postgres has written. */
export const sendJson = (c: Context, body: string): Response =>
  c.body(body, 200, { 'Content-Type': 'application/json' });
