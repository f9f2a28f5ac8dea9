import { Hono } from 'hono';
import { sql } from 'kysely';
import { ApiError } from '../errors.ts';
import { admit } from '../http/admission.ts';
import type { AppEnv } from '../http/app_env.ts';
import { migrationNames } from '../postgres/migrate.ts';

export const ready = new Hono<AppEnv>();

/** Readiness: Postgres answers and has everything that this version's migrations create. */
ready.get('/ready', async (c) => {
  await admit(c, { needsKey: false });
  const pending = await c.var.db.run(sql<{ name: string }>`
    select name from unnest(${migrationNames()}::text[]) as name
    except select name from vidgen.migration`);
  if (pending.length === 0) return c.json({ status: 'ready' });
  throw new ApiError(
    503,
    'migrations_pending',
    'The database is not up to date. The operator must run "vidgen migrate".',
    { headers: { 'Retry-After': '5' } },
  );
});
