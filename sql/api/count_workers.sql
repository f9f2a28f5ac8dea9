create function api.count_workers(out alive integer, out is_paused boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select
    (select count(*)::integer from vidgen.process p
      where p.kind = 'worker' and p.beat_at > clock_timestamp() - interval '15 seconds'),
    exists (select from vidgen.queue_pause)
$$;
comment on function api.count_workers is 'For vidgen doctor: how many workers are alive, and whether rendering is paused.';
