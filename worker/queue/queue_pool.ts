import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../../src/log.ts';
import { postgresAddress } from '../../src/postgres/address.ts';
import { ImpatientClient, impatient } from '../../src/postgres/impatient_client.ts';

const askAgainMs = 500;

/**
 * The queue's connections. A request for one waits until there is one. By itself graphile-worker would wait
 * longer and longer, up to two minutes, and exit when it cannot record that a task is done.
 */
export function openQueuePool(
  databaseUrl: string,
  connections: number,
  log: Log,
  giveUp: AbortSignal,
): pg.Pool {
  const pool = new pg.Pool({
    ...impatient,
    Client: ImpatientClient,
    ...postgresAddress(databaseUrl),
    max: connections,
    application_name: 'vidgen queue',
  });
  const onError = (err: Error) => log.warn({ err }, 'queue connection');
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));

  const connect = pool.connect.bind(pool) as (callback?: unknown) => Promise<pg.PoolClient>;
  async function persist(): Promise<pg.PoolClient> {
    for (;;) {
      try {
        return await connect();
      } catch (error) {
        // Where the pool has been closed, there will never be one.
        if (giveUp.aborted || pool.ending) throw error;
        onError(error as Error);
        await delay(askAgainMs);
      }
    }
  }
  pool.connect = ((callback?: unknown) =>
    callback ? connect(callback) : persist()) as typeof pool.connect;
  return pool;
}
