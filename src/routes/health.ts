import { Hono } from 'hono';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { rateLimitUnknown } from '../http/rate_limit.ts';

export const health = new Hono<AppEnv>();

const patienceMs = 150;

/** Liveness: it answers while the process is up, whatever the limiter or Postgres does. */
health.get('/health', async (c) => {
  rateLimitUnknown(c);
  const counted = admit(c, { needsKey: false }).catch(() => {});
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, patienceMs);
  await Promise.race([counted, late]);
  clearTimeout(timer);
  c.header('Retry-After', undefined);
  return c.json({ status: 'ok' });
});
