-- A clean goodbye: whatever the process still holds is freed as if it had died, but at once. Files that it
-- had under way it discards itself; what it forgot is for api.discard_orphans.
create function api.leave(process_id integer) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform api.bury_process(leave.process_id, 'worker shut down');
  perform pg_advisory_unlock(vidgen.lease_class(), leave.process_id);
end $$;
comment on function api.leave is 'A process ends: its row and its hold on jobs go.';
