import { Hono } from 'hono';
import { ApiError } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { isMigrated } from '../postgres/is_migrated.ts';

export const ready = new Hono<AppEnv>();

/** Readiness: Postgres answers and has everything that this version's migrations create. */
ready.get('/ready', async (c) => {
  await admit(c, { needsKey: false });
  if (await isMigrated(c.var.db)) return c.json({ status: 'ready' });
  throw new ApiError(
    503,
    'migrations_pending',
    'The database is not up to date. The operator must run "vidgen migrate".',
    { headers: { 'Retry-After': '5' } },
  );
});
