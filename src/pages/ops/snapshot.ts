import { sql } from 'kysely';
import type { Config } from '../../config.ts';
import { calling } from '../../postgres/call.ts';
import type { Db } from '../../postgres/db.ts';

export type QueuedTask = {
  task: string;
  waiting: number;
  running: number;
  /** Seconds; null when nothing waits. */
  oldest: number | null;
};
export type Process = {
  kind: string;
  host: string;
  pid: number;
  alive: boolean;
  since: Date;
  version: string | null;
  slots: number | null;
  moving_slots: number | null;
  rendering: number;
};
/** Counts, and seconds; null where no job ended. */
export type Period = {
  completed: number;
  failed: number;
  wait_p95: number | null;
  render_p95: number | null;
};
export type Hour = Period & { hour: Date };
export type StoredBytes = { api_key: string; bytes: number };
export type Expiring = { api_key: string; bytes: number; first_at: Date };
export type LatestJob = {
  id: string;
  status: string;
  api_key: string;
  /** Seconds. */
  age: number;
  progress: number;
  real_time_factor: number | null;
  error_message: string | null;
};
export type Failure = { error_message: string; jobs: number; latest_job: string; ago: number };
export type Receiver = {
  host: string;
  waiting: number;
  abandoned: number;
  last_error: string | null;
};
export type NearLimit = { what: string; who: string; used: number; most: number; percent: number };
export type Health = {
  workers_alive: number;
  paused_seconds: number | null;
  /** Seconds since; null: never. */
  last_tidy: number | null;
  database_bytes: number;
  dead_rows: number;
  most_dead_rows: string | null;
  oldest_snapshot: number | null;
};

/** Everything that the page shows, read at one moment. */
export type Snapshot = {
  at: Date;
  queue: QueuedTask[];
  processes: Process[];
  day: Period;
  /** The latest 48, oldest first. */
  hours: Hour[];
  storage: StoredBytes[];
  expiring: Expiring[];
  jobs: LatestJob[];
  failures: Failure[];
  receivers: Receiver[];
  limits: NearLimit[];
  health: Health;
};

const jobsShown = 8;
const rowsShown = 6;

/**
 * Reads the views of the schema admin. Each statement takes less than a tenth of a second with a million past
 * jobs (`npm run bench -- scale`).
 */
export async function readSnapshot(db: Db, config: Config): Promise<Snapshot> {
  const { requests, submissions, redeliveries, open } = config.rateLimits;
  const read = <Row>(statement: ReturnType<typeof sql<Row>>) => db.run(statement);
  const [day] = await read<Period>(sql`
    select completed::int, failed::int, wait_p95::float8, render_p95::float8
    from admin.latency where task = 'all'`);
  const [health] = await read<Health>(sql`
    select workers_alive, extract(epoch from paused_for)::float8 as paused_seconds,
      extract(epoch from last_tidy)::float8 as last_tidy, database_bytes::float8, dead_rows::float8,
      most_dead_rows, extract(epoch from oldest_snapshot)::float8 as oldest_snapshot
    from admin.health`);
  if (!day || !health) throw new Error('admin.latency and admin.health have a row each');
  return {
    at: new Date(),
    day,
    health,
    queue: await read<QueuedTask>(sql`
      select task, waiting::int, running::int, extract(epoch from oldest)::float8 as oldest
      from admin.queue`),
    processes: await read<Process>(sql`
      select kind, host, pid, alive, since, version, slots, moving_slots, rendering::int
      from admin.workers order by kind desc, since`),
    hours: await read<Hour>(sql`
      select hour, completed::int, failed::int, wait_p95::float8, render_p95::float8
      from admin.throughput where hour > date_trunc('hour', now()) - interval '2 days' order by hour`),
    storage: await read<StoredBytes>(sql`
      select api_key, bytes::float8 from admin.storage where bytes > 0 order by bytes desc`),
    expiring: await read<Expiring>(sql`
      select e.api_key, e.bytes::float8, e.first_at from ${calling('admin.expiring', {
        keep_inputs: `${config.keepInputsHours} hours`,
        keep_videos: `${config.keepVideosDays} days`,
      })} e`),
    jobs: await read<LatestJob>(sql`
      select id, status, api_key, extract(epoch from age)::float8 as age, progress,
        real_time_factor::float8, error_message
      from admin.jobs limit ${jobsShown}`),
    failures: await read<Failure>(sql`
      select error_message, jobs::int, latest_job,
        extract(epoch from clock_timestamp() - last_at)::float8 as ago
      from admin.failures limit ${rowsShown}`),
    receivers: await read<Receiver>(sql`
      select host, waiting::int, abandoned::int, last_error
      from admin.failing_receivers limit ${rowsShown}`),
    limits: await read<NearLimit>(sql`
      select n.what, n.who, n.used::float8, n.most::float8, n.percent from ${calling(
        'admin.near_limits',
        {
          max_stored_bytes_per_key: config.maxStoredBytesPerKey,
          max_stored_bytes: config.maxStoredBytes,
          rates: { requests, submissions, redeliveries, public: open },
        },
      )} n limit ${rowsShown}`),
  };
}
