import { call } from './call.ts';
import type { Db } from './db.ts';
import { migrationNames } from './migrate.ts';

/** Whether Postgres answers and has everything that this version's migrations create. Rejects when it is away. */
export async function isMigrated(db: Db): Promise<boolean> {
  const applied = await call(db, 'applied_migrations');
  return migrationNames().every((name) => applied.includes(name));
}
