import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { databaseOn, onServer, type TestServer } from '../test/support/server.ts';

export type Past = { jobs: number; keys: number };

/**
 * A database like the template in which this many keys have had this many jobs over a year, with the rows
 * that remain of each, videos of the last tenth (in a bucket) and a webhook for every fourth. API key number
 * k is the word k, and owns the jobs n with n % keys = k. Resolves with the database's address.
 */
export async function databaseWithPast(server: TestServer, past: Past): Promise<string> {
  const name = `vidgen_past_${randomBytes(4).toString('hex')}`;
  await onServer(server.url, `create database ${name} template ${server.template}`);
  const url = databaseOn(server.url, name);
  // Side by side: in both the job n is the same.
  await Promise.all([fill(url, jobRows(past)), fill(url, otherRows(past))]);
  return url;
}

export const pastJobId = (n: number): string =>
  `c${String(n).padStart(10, '0')}${createHash('md5').update(String(n)).digest('hex').slice(0, 14)}`;

/** One in twenty has failed, one in fifty was cancelled. Their ids are lower than any made from now on. */
const jobsOf = ({ jobs, keys }: Past) => `
  select n, 'c' || lpad(n::text, 10, '0') || substr(md5(n::text), 1, 14) as id, 'key' || n % ${keys} as key,
    case when n % 50 = 1 then 'CANCELLED' when n % 20 = 2 then 'FAILED' else 'COMPLETED' end as status,
    now() - interval '1 year' * (1 - n / ${jobs}::float8) - interval '1 minute' as at,
    case when n % 4 = 0 then 'https://host' || n / 4 % 50 || '.example/hook' end as webhook
  from generate_series(1, ${jobs}) n`;

/** Indexes are made at the end, sorted, which takes half as long as filling them row by row. */
const jobRows = (past: Past) => [
  `create temporary table definition as select indexname as name, indexdef as sql from pg_indexes
    where schemaname = 'vidgen' and tablename = 'job' and indexname <> 'job_pkey'`,
  `do $$ declare name text; begin
    for name in select d.name from definition d loop execute format('drop index vidgen.%I', name); end loop;
  end $$`,
  `insert into vidgen.job (id, api_key_id, status, progress, attempt, webhook_url, share_token, error_message,
    audio_seconds, waited_seconds, render_seconds, width, height, created_at, updated_at, started_at, finished_at, media_expired_at)
  select id, key, status, case status when 'COMPLETED' then 100 else 0 end, (status <> 'CANCELLED')::int, webhook,
    case status when 'COMPLETED' then substr(md5('token' || n), 1, 22) end,
    case status when 'FAILED' then 'The audio file has no sound that can be decoded.' end,
    180, 0, 3, 1920, 1080, at, at + interval '5 seconds', at, at + interval '5 seconds',
    case when n <= ${past.jobs} * 0.9 and status = 'COMPLETED' then at + interval '30 days' end
  from (${jobsOf(past)}) p`,
  `do $$ declare sql text; begin
    for sql in select d.sql from definition d loop execute sql; end loop;
  end $$`,
  'vacuum analyze vidgen.job',
];

const otherRows = (past: Past) => [
  `insert into vidgen.api_key (id, name, key_sha256, key_prefix, webhook_secret)
    select 'key' || k, 'key' || k, sha256(k::text::bytea), 'vg_', null from generate_series(0, ${past.keys - 1}) k`,
  `insert into vidgen.attempt (job_id, attempt, process_id, worker, started_at, ended_at, outcome)
    select id, 1, n % 7, 'machine:' || n % 7, at, at + interval '5 seconds', lower(status)
    from (${jobsOf(past)}) p where status <> 'CANCELLED'`,
  `insert into vidgen.webhook (job_id, api_key_id, url, body, status, attempts, step, next_attempt_at, created_at, delivered_at)
    select id, key, webhook, '{"jobId":"' || id || '","status":"' || status || '"}', 'delivered', 1, 1, null, at, at
    from (${jobsOf(past)}) p where webhook is not null and status <> 'CANCELLED'`,
  `insert into vidgen.delivery (job_id, api_key_id, attempt, round, process_id, started_at, duration_ms, status)
    select job_id, api_key_id, 1, 1, 1, created_at, 80, 200 from vidgen.webhook`,
  `insert into vidgen.blob (id, process_id, job_id, api_key_id, kind, content_type, size, sha256, object_key, created_at)
    select 'c' || substr(md5(kind || n), 1, 24), 1, id, key, kind,
      case kind when 'video' then 'video/mp4' else 'image/jpeg' end, 1000000, sha256(n::text::bytea), kind || n, at
    from (${jobsOf(past)}) p cross join (values ('video'), ('poster')) k (kind)
    where n > ${past.jobs} * 0.9 and status = 'COMPLETED'`,
  'insert into vidgen.storage select api_key_id, sum(size) from vidgen.blob group by 1',
  `insert into vidgen.job_count select key, count(*) from (${jobsOf(past)}) p group by 1`,
  ...['attempt', 'webhook', 'delivery', 'blob', 'storage', 'api_key'].map(
    (table) => `vacuum analyze vidgen.${table}`,
  ),
];

/** Without foreign keys and triggers, because the data is already as they would make it. */
async function fill(url: string, statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set session_replication_role = 'replica'");
    await client.query("set maintenance_work_mem = '256MB'");
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
