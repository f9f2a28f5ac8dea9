-- The heartbeat, on the connection that holds the lease. After that connection is lost, the new one
-- takes the lock again, unless the old session still holds it; until then the beat alone must do.
-- False: the sweep took this process for dead and gave its work away, so the process must stop at once.
create function api.beat(process_id integer) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update vidgen.process set beat_at = clock_timestamp() where id = beat.process_id;
  if not found then
    return false;
  end if;
  if not exists (
    select from pg_locks l where l.locktype = 'advisory' and l.pid = pg_backend_pid()
      and l.classid = vidgen.lease_class()::oid and l.objid = beat.process_id::oid
  ) then
    perform pg_try_advisory_lock(vidgen.lease_class(), beat.process_id);
  end if;
  return true;
end $$;
comment on function api.beat is 'Tells the other processes that this one lives; false when it was taken for dead.';
