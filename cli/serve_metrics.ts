import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { ApiError, nothingHere, toApiError } from '../src/errors.ts';
import { startHttpServer } from '../src/http/http_server.ts';
import { openDb } from '../src/postgres/db.ts';
import { isMigrated } from '../src/postgres/is_migrated.ts';
import type { ServiceOptions } from '../src/process/service_options.ts';
import { metricsRoute } from '../src/routes/metrics.ts';

/**
 * For a worker, which serves nothing else: GET /metrics, /healthz and /readyz. Returns a function that closes
 * it.
 *
 * @param isWorking whether the worker takes jobs now: it has started and does not stop
 */
export async function serveMetrics(
  { config, databaseUrl }: ServiceOptions,
  port: number,
  isWorking: () => boolean,
): Promise<() => Promise<void>> {
  const db = openDb(databaseUrl, { max: 1, name: 'vidgen metrics' });
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.onError((thrown, c) => {
    const { status, message, code, headers } = toApiError(thrown);
    return c.json({ error: message, code }, status, headers);
  });
  app.notFound(() => {
    throw nothingHere();
  });
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    if (isWorking() && (await isMigrated(db))) return c.json({ status: 'ready' });
    throw notWorking();
  });
  const metrics = metricsRoute(config, db, () => 0);
  if (metrics) app.route('/', metrics);
  const server = await startHttpServer(app, {
    port,
    portSetting: 'METRICS_PORT',
    hostname: config.host,
  });
  return async () => {
    await server.close();
    await db.close();
  };
}

const notWorking = () =>
  new ApiError(
    503,
    'worker_not_ready',
    'This worker takes no jobs: it starts, stops, or waits for "vidgen migrate".',
    {
      headers: { 'Retry-After': '5' },
    },
  );
