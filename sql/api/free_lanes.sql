-- How many more deliveries may go to a host at once. Five: of the 50 that a worker sends at a time
-- (worker/main.ts) it takes ten hanging hosts to fill all; and a host that answers in 50 ms still gets
-- 100 a second. The lock is held to the end of the transaction, so that the count is exact over all
-- processes. An attempt that ends does not take it: whoever is held back just then, although a lane has
-- become free, is called by the sweep (api.call_forgotten).
-- Take it before the row of a webhook, never after: that order is what keeps out deadlocks.
create function api.free_lanes(host text) returns integer language plpgsql volatile as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(8671002, hashtext(free_lanes.host));
  return 5 - (
    select count(*) from vidgen.delivery d join vidgen.webhook w on w.job_id = d.job_id
    where d.duration_ms is null and d.started_at > now() - interval '30 seconds'
      and w.host = free_lanes.host and api.is_under_way(d));
end $$;
comment on function api.free_lanes is 'Locks a receiver''s host and tells how many more deliveries may go to it at once.';
