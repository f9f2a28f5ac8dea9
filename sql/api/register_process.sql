-- Announces a living process: a row, and the session advisory lock that ends with the session. The
-- process calls it on the connection that will hold the lock.
create function api.register_process(
  kind text,
  host text,
  pid integer,
  version text default null,
  slots integer default null,
  moving_slots integer default null
) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  new_id integer;
begin
  insert into vidgen.process (kind, host, pid, version, slots, moving_slots)
  values (register_process.kind, register_process.host, register_process.pid, register_process.version,
    register_process.slots, register_process.moving_slots)
  returning id into new_id;
  perform pg_advisory_lock(vidgen.lease_class(), new_id);
  return new_id;
end $$;
comment on function api.register_process is 'Registers an API or worker process and takes its lease on this connection.';
