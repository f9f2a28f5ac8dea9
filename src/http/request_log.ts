import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Log } from '../log.ts';
import { requestSeconds } from '../metrics/counted.ts';
import type { AppEnv } from './app_env.ts';
import { addressOf } from './client_ip.ts';
import { idsOf } from './request_ids.ts';

/** Gives each request its id, and records a log line and a measurement when it ends. */
export const logRequests =
  (log: Log): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const ids = idsOf((name) => c.req.header(name));
    c.set('ids', ids);
    c.set('requestId', ids.requestId);
    c.header('X-Request-Id', ids.requestId);
    const { url, method } = c.env.incoming;
    const began = performance.now();
    await next();
    const ms = performance.now() - began;
    const route = routeOf(c);
    const { status } = c.res;
    requestSeconds.observe({ method: method ?? 'none', route, status }, ms / 1_000);
    log[probes.has(route) && status < 400 ? 'debug' : 'info'](
      {
        ...ids,
        method,
        path: url && loggable(c.req.path),
        status,
        ms: Math.round(ms),
        client: addressOf(c),
        key: c.get('keyName'),
      },
      'request',
    );
  };

/** Asked every few seconds, all day. */
const probes = new Set(['/api/health', '/api/ready', '/metrics']);

/** The pattern of the last handler that was tried, so there are no more labels than routes. */
function routeOf(c: Context): string {
  const path = routePath(c);
  return path.startsWith('/') && path !== '/*' ? path : 'none';
}

/** Anyone with the token in the address of a video, page or catcher may use it, so it must not be logged. */
const loggable = (path: string): string =>
  path.replace(/^(\/media|\/share|\/hooks|\/api\/hooks)\/[^/]+/, '$1/…');
