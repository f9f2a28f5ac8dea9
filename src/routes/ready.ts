import { Hono } from 'hono';
import { ApiError } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { call } from '../postgres/call.ts';
import { migrationNames } from '../postgres/migrate.ts';

export const ready = new Hono<AppEnv>();

/** Readiness: Postgres answers and has everything that this version's migrations create. */
ready.get('/ready', async (c) => {
  await admit(c, { needsKey: false });
  const applied = await call(c.var.db, 'applied_migrations');
  if (migrationNames().every((name) => applied.includes(name))) return c.json({ status: 'ready' });
  throw new ApiError(
    503,
    'migrations_pending',
    'The database is not up to date. The operator must run "vidgen migrate".',
    { headers: { 'Retry-After': '5' } },
  );
});
