import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
} from 'kysely';
import postgres from 'postgres';
import { databaseUnavailable } from '../errors.ts';
import { statementsRunning } from '../metrics/counted.ts';
import { postgresAddress } from './address.ts';
import type { DB } from './db.types.ts';
import { retryAfterReload } from './retry_after_reload.ts';
import { waitForRoom } from './wait_for_room.ts';

/**
 * Kysely builds the queries and types their rows; postgres.js runs them. Kysely's own driver is not used,
 * because it would reserve a connection for each query.
 */
export const query = new Kysely<DB>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export type Query<Row> = RawBuilder<Row> | Compilable<Row>;

export type Db = {
  /** Runs one statement; rejects with `database_unavailable` when no answer comes in time. */
  query(text: string, values: readonly unknown[]): Promise<unknown[]>;
  /** The same for a query built with Kysely. */
  run<Row>(statement: Query<Row>): Promise<Row[]>;
  /** The first row, if there is one. */
  first<Row>(statement: Query<Row>): Promise<Row | undefined>;
  close(): Promise<void>;
};

/**
 * One query at a time per connection. With pipelining, the driver returns wrong rows when a migration changes
 * what a function returns: while it prepares the statement again, another query overtakes it, and the two
 * swap their rows (postgres.js 3.4.9, whose types do not know this option).
 */
const oneAtATime = { max_pipeline: 0 };

/** How long a statement waits for a free connection, however long it may itself take. */
const roomWithinMs = 4_000;

/** By the ids that PostgreSQL's catalogue gives these types. */
const countsAsNumbers = { to: 0, from: [20, 1700], serialize: String, parse: Number };

/**
 * The pool. Each write is one statement, so a lost connection never leaves half of one; there is no way to
 * open a transaction here. If a statement gets no answer within `deadlineMs`, its connection has gone silent,
 * and others may have too, so the whole pool is replaced.
 */
export function openDb(
  url: string,
  o: {
    max?: number;
    deadlineMs?: number;
    name?: string;
    /** Settings of PostgreSQL for each connection. */
    settings?: Record<string, string>;
    /** int8 and numeric as numbers instead of text: for what is shown, not for what is computed. */
    countsAsNumbers?: boolean;
  } = {},
): Db {
  const deadlineMs = o.deadlineMs ?? 4_000;
  const statements = statementsRunning.labels(o.name ?? 'vidgen');
  const { connectionString, ssl, prepare } = postgresAddress(url);
  const connect = () =>
    postgres(connectionString, {
      ssl,
      max: o.max ?? 10,
      ...oneAtATime,
      backoff: (tries) => Math.min(0.1 * 2 ** tries, 1),
      connect_timeout: 3,
      idle_timeout: 60,
      onnotice: () => {},
      ...(o.countsAsNumbers && { types: { count: countsAsNumbers } }),
      connection: { application_name: o.name ?? 'vidgen', ...o.settings },
    });
  let pool = connect();
  let closed = false;

  const replace = (silent: postgres.Sql) => {
    if (silent !== pool || closed) return;
    pool = connect();
    // Other queries may still be waiting on healthy connections.
    void silent.end({ timeout: deadlineMs / 1_000 }).catch(() => {});
  };

  async function send(text: string, values: readonly unknown[]): Promise<unknown[]> {
    const used = pool;
    let refusal: unknown;
    const running = waitForRoom(
      () => retryAfterReload(() => used.unsafe(text, values as never[], { prepare })),
      Math.min(deadlineMs, roomWithinMs),
      (error) => {
        refusal = error;
      },
    );
    statements.inc();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(refusal ?? databaseUnavailable(new Error(`no answer within ${deadlineMs} ms`)));
        replace(used);
      }, deadlineMs);
    });
    try {
      const rows = await Promise.race([running, late]);
      // A plain array, not the driver's own type.
      return [...rows];
    } finally {
      clearTimeout(timer);
      statements.dec();
      // The loser of the race may still reject.
      running.catch(() => {});
    }
  }

  async function run<Row>(statement: Query<Row>): Promise<Row[]> {
    const { sql, parameters } = statement.compile(query);
    return (await send(sql, parameters)) as Row[];
  }

  return {
    query: send,
    run,
    first: async (statement) => (await run(statement))[0],
    close: async () => {
      closed = true;
      await pool.end({ timeout: 5 });
    },
  };
}
