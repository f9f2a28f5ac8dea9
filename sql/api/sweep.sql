-- Finds processes that died and frees their work. Called every second by every process; one at a time
-- does it. Dead is who
--   * no longer holds the lease and has missed two beats (a lost connection takes the lock again at the
--     next beat, a killed process never does), or
--   * has not beaten for 15 s although its session still exists: hung, stopped, or cut off.
-- When the server itself has just started, every lease was lost at once: the living get 10 s to return.
create function api.sweep() returns table (process_id integer, kind text, host text, pid integer, freed integer)
language plpgsql volatile as $$
declare
  dead record;
begin
  if clock_timestamp() < pg_postmaster_start_time() + interval '10 seconds'
    or not pg_try_advisory_xact_lock(vidgen.lease_class(), 0)
  then
    return;
  end if;
  for dead in
    select p.id, p.kind, p.host, p.pid from vidgen.process p
    where p.beat_at < clock_timestamp() - interval '15 seconds'
      or (p.beat_at < clock_timestamp() - interval '2.5 seconds' and not exists (
        select from pg_locks l where l.locktype = 'advisory'
          and l.classid = vidgen.lease_class()::oid and l.objid = p.id::oid))
    order by p.id
  loop
    process_id := dead.id;
    kind := dead.kind;
    host := dead.host;
    pid := dead.pid;
    freed := api.bury_process(dead.id, 'worker died');
    return next;
  end loop;
end $$;
comment on function api.sweep is 'Frees the work of processes that died; returns them.';
