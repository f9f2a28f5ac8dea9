-- Finds processes that died and frees their work. Every process calls it every second; one at a time
-- runs it. A process is dead when it
--   * no longer holds the lease and has missed three beats. (After a lost connection a process takes the
--     lock again at the next beat; a killed process never does. With the second that a sweep may be away,
--     the jobs of a killed process wait for less than 5 s.) Or it
--   * has not beaten for 15 s although its session still exists: it hangs, is stopped, or is cut off.
-- That proves something only while a sweep was there to notice. When the server comes back, from a
-- restart, a crash or a network outage, all leases are lost and all beats are old; the first process to
-- return must not bury the others. So no process is judged until the watch has run for 10 s without a
-- gap. A living process needs up to 5 s to reconnect: an attempt that started during the outage lasts 4
-- s, and the next starts a second later (src/postgres/lease.ts). The rest is for a busy machine.
create function api.sweep() returns table (process_id integer, kind text, host text, pid integer, freed integer)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  present_time constant timestamptz := clock_timestamp();
  watched_since timestamptz;
  dead record;
begin
  if not pg_try_advisory_xact_lock(vidgen.lease_class(), 0) then
    return;
  end if;
  insert into vidgen.watch as w (since, last_at) values (present_time, present_time)
  on conflict (one) do update set
    -- A restart is a gap, however short: all leases are lost. A start in the future means that the clock
    -- was set back, and then nothing is known either.
    since = case
      when w.last_at < greatest(present_time - interval '3 seconds', pg_postmaster_start_time())
        or w.since > present_time
      then present_time else w.since end,
    last_at = present_time
  returning w.since into watched_since;
  if watched_since > present_time - interval '10 seconds' then
    return;
  end if;
  for dead in
    select p.id, p.kind, p.host, p.pid from vidgen.process p
    where p.beat_at < present_time - interval '15 seconds'
      or (p.beat_at < present_time - interval '3.5 seconds' and not exists (
        select from pg_locks l where l.locktype = 'advisory'
          and l.classid = vidgen.lease_class()::oid and l.objid = p.id::oid
          and l.database = (select d.oid from pg_database d where d.datname = current_database())))
    order by p.id
  loop
    process_id := dead.id;
    kind := dead.kind;
    host := dead.host;
    pid := dead.pid;
    freed := api.bury_process(dead.id, 'worker died');
    return next;
  end loop;
  -- Not in the same sweep as a burial, which has already locked rows of the queue.
  if not found then
    perform api.call_forgotten();
    perform api.discard_orphans();
  end if;
end $$;
comment on function api.sweep is 'Frees the work of processes that died and returns them; when none has, calls a delivery they left waiting.';
