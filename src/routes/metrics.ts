import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Config } from '../config.ts';
import { ApiError, nothingHere } from '../errors.ts';
import { isLocal } from '../http/local.ts';
import { liveStreams } from '../metrics/counted.ts';
import { measureProcess, registry } from '../metrics/registry.ts';
import { measureService } from '../metrics/service.ts';
import type { Db } from '../postgres/db.ts';

/**
 * GET /metrics in the format of Prometheus, for clients that send METRICS_TOKEN. Without that setting, a service
 * on the embedded database offers it to this machine alone; any other service does not offer it (undefined).
 *
 * @param watched how many jobs are being watched
 */
export function metricsRoute(
  config: Config,
  db: Db,
  watched: () => number,
): Hono<{ Bindings: HttpBindings }> | undefined {
  if (!config.metricsToken && !config.openToThisMachine) return undefined;
  measureProcess();
  const route = new Hono<{ Bindings: HttpBindings }>();
  route.get('/metrics', async (c) => {
    if (config.metricsToken && !isToken(config.metricsToken, c.req.header('Authorization')))
      throw tokenRequired();
    if (!config.metricsToken && !isLocal(c)) throw nothingHere();
    liveStreams.set(watched());
    await measureService(db, config.maxStoredBytes);
    return c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
  });
  return route;
}

const tokenRequired = () =>
  new ApiError(
    401,
    'metrics_token_required',
    'Send the METRICS_TOKEN as "Authorization: Bearer TOKEN".',
    { headers: { 'WWW-Authenticate': 'Bearer' } },
  );

function isToken(token: string, header = ''): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(`Bearer ${token}`), digest(header));
}
