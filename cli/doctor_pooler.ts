import { once } from 'node:events';
import pg from 'pg';
import type { Config } from '../src/config.ts';
import { postgresAddress } from '../src/postgres/address.ts';
import type { Database } from './database.ts';
import { type Check, warning } from './doctor_check.ts';

/** A lease through a transaction pooler would pass to other clients together with its connection. */
export const directConnection = (config: Config, database: Database): Check => ({
  about: 'Direct connection',
  remedy: 'See that DATABASE_DIRECT_URL names the same database as DATABASE_URL.',
  look: async () => {
    const client = new pg.Client(postgresAddress(config.databaseDirectUrl ?? database.url));
    // A pooler reports an id of its own as the server's process id.
    const told = once(client.connection, 'backendKeyData') as Promise<[{ processID: number }]>;
    await client.connect();
    try {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      if (rows[0]?.pid === (await told)[0].processID) return 'no pooler between';
      return warning(
        'a pooler stands between',
        'Well if it pools sessions. If it pools transactions, set DATABASE_DIRECT_URL to an address past it.',
      );
    } finally {
      await client.end();
    }
  },
});
