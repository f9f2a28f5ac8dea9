import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Config } from '../config.ts';
import { ApiError } from '../errors.ts';
import * as metrics from '../metrics.ts';
import { call } from '../postgres/call.ts';
import type { Db } from '../postgres/db.ts';

/**
 * GET /metrics in the format of Prometheus. It is open to everyone with the embedded database, otherwise only
 * to clients that send METRICS_TOKEN. Undefined when neither applies: the path does not exist.
 *
 * @param watched how many jobs are being watched
 */
export function metricsRoute(
  config: Config,
  db: Db,
  watched: () => number,
): Hono<{ Bindings: HttpBindings }> | undefined {
  if (!config.metricsToken && !config.metricsOpen) return undefined;
  metrics.measureProcess();
  const route = new Hono<{ Bindings: HttpBindings }>();
  route.get('/metrics', async (c) => {
    if (config.metricsToken && !isToken(config.metricsToken, c.req.header('Authorization')))
      throw tokenRequired();
    metrics.liveStreams.set(watched());
    await measureQueue(db);
    return c.body(await metrics.registry.metrics(), 200, {
      'Content-Type': metrics.registry.contentType,
    });
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

async function measureQueue(db: Db): Promise<void> {
  const gauges = [metrics.queueWaiting, metrics.queueRunning, metrics.queueOldest];
  for (const gauge of gauges) gauge.reset();
  try {
    for (const { task, waiting, running, oldest_seconds } of await call(db, 'measure_queue')) {
      metrics.queueWaiting.set({ task }, waiting);
      metrics.queueRunning.set({ task }, running);
      metrics.queueOldest.set({ task }, oldest_seconds);
    }
    metrics.databaseUp.set(1);
  } catch {
    metrics.databaseUp.set(0);
  }
}

function isToken(token: string, header = ''): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(`Bearer ${token}`), digest(header));
}
