import { createHash } from 'node:crypto';
import pg from 'pg';
import { databaseUnavailable } from '../errors.ts';
import { postgresAddress } from '../postgres/address.ts';
import { answerWithinMs, ImpatientClient, impatient } from '../postgres/impatient_client.ts';
import { retryAfterReload } from '../postgres/retry_after_reload.ts';
import { waitForRoom } from '../postgres/wait_for_room.ts';

/** The rows of the stored files. */
export type Rows = {
  /** The client for `call`. Each statement is prepared once per connection, if the connection keeps it. */
  query(text: string, values: unknown[]): Promise<unknown[]>;
  close(): Promise<void>;
};

/** `pg` and not postgres.js, because it sends bytea in binary: half the bytes, a fifth of the time. */
export function openRows(databaseUrl: string, connections = 3): Rows {
  const { connectionString, ssl, prepare } = postgresAddress(databaseUrl);
  const pool = new pg.Pool({
    ...impatient,
    Client: ImpatientClient,
    connectionString,
    ssl,
    max: connections,
    application_name: 'vidgen blobs',
  });
  // The next query replaces a broken connection, and the query on it reports the error. The connection may
  // emit another error later, when no other listener is left.
  const ignore = () => {};
  pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  return {
    async query(text, values) {
      try {
        const query = { name: prepare ? nameOf(text) : undefined, text, values };
        const run = () => retryAfterReload(() => pool.query(query));
        return (await waitForRoom(run, answerWithinMs)).rows;
      } catch (error) {
        // An error that is not an answer from Postgres is a failed connection.
        throw error instanceof pg.DatabaseError ? error : databaseUnavailable(error);
      }
    },
    close: () => pool.end(),
  };
}

/** PostgreSQL truncates longer names, which could make two statements share one. */
const nameOf = (text: string) => createHash('sha256').update(text).digest('base64');
