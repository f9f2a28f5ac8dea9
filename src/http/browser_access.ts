import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import { admit } from './admission.ts';
import type { AppEnv } from './app_env.ts';

/** Response headers that scripts of the allowed origins may read. */
const exposed = [
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'Idempotent-Replayed',
  'Location',
  'Accept-Ranges',
  'Content-Range',
  'ETag',
  'Preference-Applied',
  'WWW-Authenticate',
];

/** Lets scripts of these origins use the API; `*` lets all. */
export const openTo = (origins: string[]) =>
  cors({
    origin: origins.includes('*') ? '*' : origins,
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: [
      'X-API-Key',
      'Authorization',
      'Idempotency-Key',
      'Last-Event-ID',
      'Content-Type',
      'If-None-Match',
      'Prefer',
      'Range',
    ],
    exposeHeaders: exposed,
    maxAge: 7200,
  });

/** A preflight is a request like any other, so it counts. */
export const countPreflight = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.method === 'OPTIONS') await admit(c, { needsKey: false });
  await next();
});

/**
 * For pages and media. A page may set its own headers first. There is no Cross-Origin-Resource-Policy or
 * X-Frame-Options, because videos and the player may be embedded anywhere. The proxy that terminates TLS sets
 * Strict-Transport-Security, because it knows which hosts that covers.
 */
export const securePages = secureHeaders({
  overwrite: false,
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  xFrameOptions: false,
  strictTransportSecurity: false,
  referrerPolicy: 'strict-origin-when-cross-origin',
});
