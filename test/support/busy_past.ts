import pg from 'pg';
import type { Cleanup } from './database.ts';

/**
 * Two days of a service with much to do: this many ended jobs of six keys in the waves of a day, one in two
 * hundred failed; what they stored; a receiver that fails; a job that is being rendered, one that waits; three
 * processes, which live as long as the test.
 */
export async function busyPast(t: Cleanup, url: string, jobs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  // Without triggers and foreign keys, as the data is already as they would make it.
  await client.query(`set session_replication_role = 'replica'`);
  for (const statement of rows(jobs)) await client.query(statement);
  await client.query(
    'select pg_advisory_lock(vidgen.lease_class(), p.id) from vidgen.process p where p.version = $1',
    [version],
  );
}

const version = '1.4.0';
const names = `'{my app,newsletter,podcast,Ünïcode & <b>,a customer with a rather long name,small}'::text[]`;

const rows = (jobs: number) => [
  `
    insert into vidgen.api_key (id, name, key_sha256, key_prefix, webhook_secret)
    select 'key' || n, name, sha256(name::bytea), 'vg_', null
    from unnest(${names}) with ordinality k (name, n)`,
  `
    insert into vidgen.process (kind, host, pid, version, slots, moving_slots, beat_at, started_at)
    select kind, host, pid, '${version}', slots, slots, now() + interval '1 hour', now() - interval '3 hours'
    from (values ('web', 'web-1', 17, null), ('worker', 'worker-1', 23, 2), ('worker', 'worker-2', 23, 2))
      p (kind, host, pid, slots)`,
  `insert into vidgen.last_tidy (at) values (now())`,
  `
    insert into vidgen.job (id, api_key_id, status, progress, attempt, share_token, error_message, audio_seconds,
      waited_seconds, render_seconds, width, height, created_at, updated_at, started_at, finished_at)
    select 'c0' || lpad(n::text, 8, '0') || substr(md5(n::text), 1, 15), 'key' || 1 + n % 6, status,
      case status when 'COMPLETED' then 100 else 0 end, 1,
      case status when 'COMPLETED' then substr(md5('token' || n), 1, 22) end,
      case status when 'FAILED' then (array['The audio ends early: 12 s of 40 s are there.',
        'imageUrl leads to a web page on drive.example instead of a JPEG, PNG or WebP picture.'])[1 + n / 200 % 2] end,
      30 + n % 90, n % 900 / 1000.0, 1 + n % 17 / 8.0, 1920, 1080, at, at, at + interval '1 ms' * (n % 900), at + interval '1 ms' * (n % 900 + 2000)
    from (select n, case when n % 200 = 3 then 'FAILED' else 'COMPLETED' end as status,
        -- Waves of a day.
        now() - interval '1 minute' - interval '48 hours' * (f - 0.06 * sin(f * 12.6)) as at
      from (select n, 1 - n / ${jobs}.0 as f from generate_series(1, ${jobs}) n) s) s`,
  `
    insert into vidgen.attempt (job_id, attempt, process_id, worker, started_at, ended_at, outcome)
    select id, 1, 2, 'worker-1:23', started_at, finished_at, lower(status) from vidgen.job`,
  `
    insert into vidgen.storage select 'key' || n, (26.1e9 / n ^ 1.7)::bigint from generate_series(1, 6) n`,
  `
    insert into vidgen.blob (process_id, job_id, api_key_id, kind, content_type, size, sha256, created_at)
    select 1, j.id, j.api_key_id, 'audio', 'audio/mpeg', 4000000, sha256(''), j.created_at
    from vidgen.job j order by j.id limit 600`,
  `
    insert into vidgen.webhook (job_id, api_key_id, url, body, status, attempts, step, next_attempt_at)
    select id, api_key_id, case when row_number() over () <= 17 then 'https://hooks.acme.example/in' else 'https://api.old.example/' end,
      '{}', case when row_number() over () <= 17 then 'pending' else 'abandoned' end, 2, 2,
      case when row_number() over () <= 17 then now() + interval '5 minutes' end
    from (select id, api_key_id from vidgen.job order by id desc limit 21) j`,
  `
    insert into vidgen.delivery (job_id, api_key_id, attempt, round, process_id, duration_ms, status, error_class, error_message)
    select job_id, api_key_id, 1, 1, 1, 80, case status when 'pending' then 502 end, case status when 'pending' then 'status' else 'dns' end,
      case status when 'abandoned' then 'ENOTFOUND' end from vidgen.webhook`,
  `
    insert into vidgen.rate_limit (client, policy, window_start, hits)
    values ('198.51.100.7', 'submissions', now(), 30), ('2001:db8::/56', 'requests', now(), 512)`,
  `update vidgen.api_key set max_stored_bytes = 9000000000 where name = 'newsletter'`,
  `
    insert into vidgen.job (api_key_id, status, progress, attempt, process_id, created_at, started_at)
    values ('key1', 'PROCESSING', 62, 1, (select id from vidgen.process where host = 'worker-1'), now() - interval '2 s', now() - interval '2 s'),
      ('key2', 'PENDING', 0, 0, null, now() - interval '4 s', null)`,
  'analyze',
];
