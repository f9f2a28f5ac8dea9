import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { ApiError, nothingHere, refusals } from '../errors.ts';
import { call } from '../postgres/call.ts';
import type { AppEnv } from './app_env.ts';
import { addressOf } from './client_ip.ts';
import { isLocal } from './local.ts';

/**
 * Lets only operators pass, by HTTP Basic with OPS_PASSWORD and any user name. Without that setting, a service on
 * the embedded database lets in requests from this machine, and any other service lets in nobody.
 *
 * @throws ApiError 401; 429 after too many wrong passwords from this client; 404
 */
export async function requireOperator(c: Context<AppEnv>): Promise<void> {
  const { config, db } = c.var;
  if (config.opsPassword === undefined) {
    if (config.openToThisMachine && isLocal(c)) return;
    throw nothingHere();
  }
  const given = passwordOf(c.req.header('Authorization'));
  if (given === undefined) throw passwordRequired();
  const isRight = timingSafeEqual(digest(given), digest(config.opsPassword));
  const tried = await call(db, 'try_password', { client: addressOf(c), is_right: isRight });
  if (tried.is_admitted) return;
  if (tried.wait_seconds === null) throw passwordRequired();
  c.header('Retry-After', String(tried.wait_seconds));
  throw refusals.rate_limited();
}

const digest = (text: string) => createHash('sha256').update(text).digest();

function passwordOf(header = ''): string | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header) ?? [];
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  return password;
}

const passwordRequired = () =>
  new ApiError(
    401,
    'ops_password_required',
    'This page is for operators. Send OPS_PASSWORD by HTTP Basic, with any user name.',
    { headers: { 'WWW-Authenticate': 'Basic realm="VidGen operations", charset="UTF-8"' } },
  );
