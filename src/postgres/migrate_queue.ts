import { runMigrations } from 'graphile-worker';
import pg from 'pg';

/**
 * Rows of the queue live for seconds, and its readers walk over the dead ones. So a thousand dead rows are
 * vacuumed, however many jobs wait beside them.
 */
const vacuumEarly = `
  alter table graphile_worker._private_jobs set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)`;

/** Brings graphile-worker's own schema up to date. */
export async function migrateQueue(connection: pg.PoolConfig): Promise<void> {
  const pgPool = new pg.Pool({ ...connection, max: 1 });
  // A broken connection also fails the statement on it, which reports the error.
  const ignore = () => {};
  pgPool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  try {
    await runMigrations({ pgPool });
    await pgPool.query(vacuumEarly);
  } finally {
    await pgPool.end();
  }
}
