create view admin.health as
select m.workers_alive,
  (select string_agg(format('%s × %s', v.workers, v.version), ', ' order by v.version) from (
    select coalesce(p.version, 'unknown') as version, count(*) as workers
    from vidgen.process p where p.kind = 'worker' group by 1) v) as worker_versions,
  make_interval(secs => round(m.paused_seconds)) as paused_for,
  date_trunc('second', clock_timestamp() - m.last_tidy_at) as last_tidy,
  pg_size_pretty(m.database_bytes) as database_size, pg_size_pretty(m.stored_bytes) as stored,
  m.dead_rows, m.most_dead_rows,
  make_interval(secs => round(m.oldest_snapshot_seconds)) as oldest_snapshot,
  m.last_tidy_at, m.database_bytes, m.stored_bytes
from api.measure_service() m;
comment on view admin.health is 'One row: workers and their versions, the last tidy (one a minute), sizes, dead rows, and the age of the oldest snapshot, which keeps them.';
