import { runMigrations } from 'graphile-worker';
import pg from 'pg';

/** Brings graphile-worker's own schema up to date. */
export async function migrateQueue(connection: pg.PoolConfig): Promise<void> {
  const pgPool = new pg.Pool({ ...connection, max: 1 });
  // A connection that breaks also breaks the statement on it, which tells.
  const ignore = () => {};
  pgPool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  try {
    await runMigrations({ pgPool });
  } finally {
    await pgPool.end();
  }
}
