-- A clean shutdown: whatever the process still holds is freed at once, as if it had died. The process
-- discards its own unfinished files; api.discard_orphans removes what it forgot.
create function api.leave(process_id integer) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform api.bury_process(leave.process_id, 'worker shut down');
  perform pg_advisory_unlock(vidgen.lease_class(), leave.process_id);
end $$;
comment on function api.leave is 'A process ends: its row and its hold on jobs go.';
