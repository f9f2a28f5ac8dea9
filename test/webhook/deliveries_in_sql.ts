import { type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import { type Db, openDb, query } from '../../src/postgres/db.ts';
import { type Cleanup, createDatabase } from '../support/database.ts';
import { createKey, type Key } from '../support/service.ts';
import { untilRow } from '../support/until.ts';

const errorClasses = { delivered: null, failed: 'reset' } as const;
export type End = keyof typeof errorClasses;

export type Webhook = {
  status: string;
  round: number;
  step: number;
  held_back: boolean;
  due: boolean;
};

/** A worker's calls for a delivery, one by one; nothing is sent. */
export type DeliveriesInSql = {
  db: Db;
  key: Key;
  /** The process that begins deliveries by default. */
  worker: number;
  register(): Promise<number>;
  /** A connection of its own. */
  connect(): Promise<pg.Client>;
  begin(jobId: string, by?: number): Promise<{ attempt: number; step: number } | undefined>;
  recording(
    jobId: string,
    attempt: number,
    end: End,
    retryIn?: number | null,
  ): RawBuilder<{ host: string | null }>;
  record(jobId: string, attempt: number, end: End, retryIn?: number | null): Promise<void>;
  redelivery(jobId: string): RawBuilder<unknown>;
  webhook(jobId: string): Promise<Webhook | undefined>;
  /** The runnable queue rows; true when due now. */
  queued(jobId: string): Promise<boolean[]>;
  /** What the queue does when it hands out the row. */
  take(jobId: string): Promise<unknown>;
  untilBlocked(pid: number): Promise<unknown>;
};

export async function deliveriesInSql(t: Cleanup): Promise<DeliveriesInSql> {
  const databaseUrl = (await createDatabase(t)).url;
  const db = openDb(databaseUrl);
  t.after(() => db.close());
  const key = await createKey(db);
  const register = async () => {
    const row = await db.first(
      sql<{ id: number }>`select api.register_process('worker', 'here', 1) as id`,
    );
    return row?.id as number;
  };
  const worker = await register();
  const recording: DeliveriesInSql['recording'] = (jobId, attempt, end, retryIn = 300) => sql`
    select waiting_host as host from api.end_delivery(${worker}, ${jobId}, ${attempt}, 20,
      ${end === 'delivered' ? 200 : null}::int, ${errorClasses[end]}::text, null, '',
      ${end === 'delivered' ? null : retryIn}::float8, goes_on => false)`;
  return {
    db,
    key,
    worker,
    register,
    recording,
    connect: async () => {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      t.after(() => client.end());
      return client;
    },
    begin: async (jobId, by = worker) => {
      const row = await db.first(
        sql<{ attempt: number; step: number }>`select * from api.begin_delivery(${jobId}, ${by})`,
      );
      return row && { attempt: row.attempt, step: row.step };
    },
    record: async (...call) => {
      const row = await db.first(recording(...call));
      if (row?.host) await db.run(sql`select api.call_waiting(${row.host})`);
    },
    redelivery: (jobId) => sql`select api.redeliver_webhook(${key.id}, ${jobId})`,
    webhook: (jobId) =>
      db.first(
        sql<Webhook>`select status, round, step, held_back, next_attempt_at <= clock_timestamp() as due
          from vidgen.webhook where job_id = ${jobId}`,
      ),
    queued: async (jobId) => {
      const rows = await db.run(sql<{ due: boolean }>`
        select run_at <= clock_timestamp() as due from graphile_worker.jobs
        where key = ${`deliver_webhook:${jobId}`} and locked_at is null`);
      return rows.map(({ due }) => due);
    },
    take: (jobId) =>
      db.run(sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool'
        where key = ${`deliver_webhook:${jobId}`}`),
    untilBlocked: (pid) =>
      untilRow('it is blocked', db, sql`select where pg_blocking_pids(${pid}::int) <> '{}'`),
  };
}

/** Runs a statement on a connection that a test holds. */
export async function run(client: pg.Client, statement: RawBuilder<unknown>): Promise<void> {
  const compiled = statement.compile(query);
  await client.query(compiled.sql, [...compiled.parameters]);
}
