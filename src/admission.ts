import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { type RawBuilder, sql } from 'kysely';
import type { AppEnv } from './app.ts';
import { clientOf } from './client_ip.ts';
import { refusals } from './errors.ts';

type Admission = {
  api_key_id: string | null;
  refusal: string | null;
  rate_limit: number;
  remaining: number;
  reset_seconds: number;
};

export type AdmitOptions = {
  /** Counts against the submissions' limit too. */
  submission?: boolean;
  needsKey?: boolean;
};

/**
 * Counts the request, checks its key, and answers it in the same round trip.
 *
 * @param answer an api.* function call with one column; `key` is the caller's API key id in it
 * @throws ApiError 429 or 401
 */
export async function admit<Body = string>(
  c: Context<AppEnv>,
  o: AdmitOptions = {},
  answer?: (key: RawBuilder<string>) => RawBuilder<unknown>,
): Promise<{ apiKeyId: string; body: Body | null }> {
  const { db, config } = c.var;
  const key = c.req.header('X-API-Key');
  const client = clientOf(
    config.clientIpSource,
    (name) => c.req.header(name),
    c.env.incoming.socket.remoteAddress,
  );
  const row = await db.first(sql<Admission & { body: Body | null }>`
    select a.*, ${answer ? sql`s.body::text` : sql`null`} as body
    from api.admit(
      ${client}, ${key ? createHash('sha256').update(key).digest() : null}, ${o.submission ?? false},
      ${config.requestLimit}, ${config.submissionLimit}, ${o.needsKey ?? true}
    ) a
    ${answer ? sql`left join lateral ${answer(sql.raw('a.api_key_id'))} as s(body) on a.refusal is null` : sql``}`);
  if (!row) throw new Error('api.admit returned no row');
  c.header('RateLimit-Limit', String(row.rate_limit));
  c.header('RateLimit-Remaining', String(row.remaining));
  c.header('RateLimit-Reset', String(row.reset_seconds));
  c.header('RateLimit-Policy', `${row.rate_limit};w=60`);
  const refusal = row.refusal && refusals[row.refusal];
  if (refusal) {
    if (row.refusal === 'rate_limited') c.header('Retry-After', String(row.reset_seconds));
    throw refusal();
  }
  return { apiKeyId: row.api_key_id ?? '', body: row.body };
}
