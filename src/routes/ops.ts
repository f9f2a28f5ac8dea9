import { Hono } from 'hono';
import type { Config } from '../config.ts';
import type { AppEnv } from '../http/app_env.ts';
import { requireOperator } from '../http/ops_password.ts';
import { pageHeaders } from '../pages/frame/page_headers.ts';
import { opsPage } from '../pages/ops/page.tsx';
import { readSnapshot, type Snapshot } from '../pages/ops/snapshot.ts';
import type { Db } from '../postgres/db.ts';

/**
 * However many operators watch, the database is read as if there were one; and what takes long is read less often,
 * so that it never takes more than a tenth of the time.
 */
const freshMs = 1_000;
const rest = 10;

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

type Reading = { freshUntil: number; snapshot: Promise<Snapshot> };
const readings = new WeakMap<Db, Reading>();

function latest(db: Db, config: Config): Promise<Snapshot> {
  const known = readings.get(db);
  const began = performance.now();
  if (known && began < known.freshUntil) return known.snapshot;
  const reading: Reading = {
    freshUntil: Number.POSITIVE_INFINITY,
    snapshot: readSnapshot(db, config),
  };
  readings.set(db, reading);
  reading.snapshot
    .then(() => {
      const took = performance.now() - began;
      reading.freshUntil = performance.now() + Math.max(freshMs, rest * took);
    })
    .catch(() => readings.delete(db));
  return reading.snapshot;
}
