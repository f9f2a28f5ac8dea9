-- What operators watch, read once for GET /metrics and admin.health.
-- A session of another role shows when its transaction began only to superusers and members of
-- pg_read_all_stats.
create function api.measure_service(
  out workers_alive integer,
  out paused_seconds double precision,      -- null: not paused
  out last_tidy_at timestamptz,             -- null: not since the server's last crash
  out stored_bytes bigint,
  out database_bytes bigint,
  out dead_rows bigint,
  out most_dead_rows text,                  -- the table that has most of them; null: there are none
  out oldest_snapshot_seconds double precision  -- null: there is none, or the owner may not see it
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with dead as (
    select c.oid::regclass::text as name, sum(s.n_dead_tup)::bigint as n
    from pg_class c join pg_stat_all_tables s on s.relid in (c.oid, c.reltoastrelid)
    where c.relnamespace in (select n.oid from pg_namespace n where n.nspname in ('vidgen', 'graphile_worker'))
      and c.relkind = 'r'
    group by c.oid
  ), snapshots as (
    -- A standby that reports its snapshots holds back every database.
    select min(a.xact_start) as since from pg_stat_activity a
    where a.backend_xmin is not null and a.pid <> pg_backend_pid()
      and (a.datname = current_database() or a.backend_type = 'walsender')
    union all
    select min(p.prepared) from pg_prepared_xacts p where p.database = current_database()
  )
  select
    (select count(*)::integer from vidgen.process p
      where p.kind = 'worker' and p.beat_at > clock_timestamp() - interval '15 seconds'),
    (select extract(epoch from clock_timestamp() - q.since)::float8 from vidgen.queue_pause q),
    (select t.at from vidgen.last_tidy t),
    (select coalesce(sum(s.bytes), 0)::bigint from vidgen.storage s),
    pg_database_size(current_database()),
    (select coalesce(sum(d.n), 0)::bigint from dead d),
    (select d.name from dead d where d.n > 0 order by d.n desc limit 1),
    (select extract(epoch from clock_timestamp() - min(s.since))::float8 from snapshots s)
$$;
comment on function api.measure_service is 'GET /metrics: living workers, the pause, retention, storage, and what keeps vacuum from its work.';
