import { createHash } from 'node:crypto';
import pg from 'pg';
import { databaseUnavailable } from '../errors.ts';
import { postgresAddress } from '../postgres/address.ts';
import { ImpatientClient, impatient } from '../postgres/impatient_client.ts';
import { retryAfterReload } from '../postgres/retry_after_reload.ts';

/** The rows of the stored files. */
export type Rows = {
  /** For `call`; each statement is prepared once a connection, where that keeps it. */
  query(text: string, values: unknown[]): Promise<unknown[]>;
  close(): Promise<void>;
};

/** `pg` and not postgres.js, because it sends bytea in binary: half the bytes, a fifth of the time. */
export function openRows(databaseUrl: string, connections = 6): Rows {
  const { connectionString, ssl, prepare } = postgresAddress(databaseUrl);
  const pool = new pg.Pool({
    ...impatient,
    Client: ImpatientClient,
    connectionString,
    ssl,
    max: connections,
    application_name: 'vidgen blobs',
  });
  // A connection that breaks is replaced by the next query, and its own query tells; it may break again
  // after that one, when nobody else listens any more.
  const ignore = () => {};
  pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
  return {
    async query(text, values) {
      try {
        const query = { name: prepare ? nameOf(text) : undefined, text, values };
        return (await retryAfterReload(() => pool.query(query))).rows;
      } catch (error) {
        // What is not an answer of Postgres is a connection that failed.
        throw error instanceof pg.DatabaseError ? error : databaseUnavailable(error);
      }
    },
    close: () => pool.end(),
  };
}

/** PostgreSQL cuts longer names off, which would make two statements one. */
const nameOf = (text: string) => createHash('sha256').update(text).digest('base64');
