import { Hono } from 'hono';
import { admit } from '../admission.ts';
import type { AppEnv } from '../app.ts';

export const health = new Hono<AppEnv>();

/** Liveness: it answers while the process is up, whatever the limiter or Postgres do. */
health.get('/health', async (c) => {
  const limits = admit(c, { needsKey: false }).catch(() => {});
  await Promise.race([limits, new Promise((resolve) => setTimeout(resolve, 150).unref())]);
  c.header('Retry-After', undefined);
  return c.json({ status: 'ok' });
});
