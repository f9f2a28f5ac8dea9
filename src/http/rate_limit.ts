import type { Context } from 'hono';
import { retryAfterSeconds } from '../errors.ts';
import type { AppEnv } from './app_env.ts';

type RateLimits = AppEnv['Variables']['config']['rateLimits'];

/** The answer while the count is unreachable: nothing is left, for as long as Retry-After says. */
export function rateLimitUnknown(c: Context<AppEnv>): void {
  setRateLimit(c, c.var.config.rateLimits.requests, 0, retryAfterSeconds);
}

/** Tells the client what is left of its limit. */
export function setRateLimit(c: Context, limit: number, remaining: number, reset: number): void {
  c.header('RateLimit-Limit', String(limit));
  c.header('RateLimit-Remaining', String(remaining));
  c.header('RateLimit-Reset', String(reset));
  c.header('RateLimit-Policy', `${limit};w=60`);
}

/** What each kind of request counts against. */
export const policiesOf = ({ requests, submissions, redeliveries, open }: RateLimits) => ({
  request: { policies: ['requests'], limits: [requests] },
  submission: { policies: ['requests', 'submissions'], limits: [requests, submissions] },
  redelivery: { policies: ['requests', 'redeliveries'], limits: [requests, redeliveries] },
  public: { policies: ['public'], limits: [open] },
});
