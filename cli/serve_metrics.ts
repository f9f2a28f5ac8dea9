import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { nothingHere, toApiError } from '../src/errors.ts';
import { startHttpServer } from '../src/http/http_server.ts';
import { openDb } from '../src/postgres/db.ts';
import type { ServiceOptions } from '../src/process/service_options.ts';
import { metricsRoute } from '../src/routes/metrics.ts';

/** For a worker, which serves nothing else. Returns a function that closes it. */
export async function serveMetrics(
  { config, databaseUrl }: ServiceOptions,
  port: number,
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
