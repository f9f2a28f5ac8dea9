import { Hono } from 'hono';
import type { Config } from '../config.ts';
import type { AppEnv } from '../http/app_env.ts';
import { requireOperator } from '../http/ops_password.ts';
import { opsPage } from '../pages/ops/page.tsx';
import { readSnapshot, type Snapshot } from '../pages/ops/snapshot.ts';
import { pageHeaders } from '../pages/page_headers.ts';
import type { Db } from '../postgres/db.ts';

/** So many operators may watch, and the database is read as if it were one. */
const freshMs = 1_000;

/** GET /ops: what operators see in the schema admin, on one page that only reads. */
export const ops = new Hono<AppEnv>().get('/ops', async (c) => {
  await requireOperator(c);
  const { config, operatorDb } = c.var;
  const snapshot = await latest(await operatorDb.get(), config);
  for (const [name, value] of Object.entries(pageHeaders(config))) c.header(name, value);
  c.header('Referrer-Policy', 'no-referrer');
  c.header('X-Robots-Tag', 'noindex');
  c.header('Cache-Control', 'no-store');
  return c.html(opsPage(config.publicUrl, snapshot, c.req.query('live') !== 'off'));
});

const readings = new WeakMap<Db, { began: number; snapshot: Promise<Snapshot> }>();

function latest(db: Db, config: Config): Promise<Snapshot> {
  const known = readings.get(db);
  if (known && performance.now() - known.began < freshMs) return known.snapshot;
  const snapshot = readSnapshot(db, config);
  readings.set(db, { began: performance.now(), snapshot });
  return snapshot;
}
