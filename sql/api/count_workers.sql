create function api.count_workers(out alive integer, out is_paused boolean, out resting integer, out webs integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select
    (select count(*)::integer from vidgen.process p
      where p.kind = 'worker' and p.beat_at > clock_timestamp() - interval '15 seconds'),
    exists (select from vidgen.queue_pause),
    (select count(*)::integer from vidgen.process p where p.kind = 'worker' and p.resting_since is not null),
    (select count(*)::integer from vidgen.process p
      where p.kind = 'web' and p.beat_at > clock_timestamp() - interval '15 seconds')
$$;
comment on function api.count_workers is 'For vidgen doctor: how many workers and web processes are alive, how many workers rest, and whether rendering is paused.';
