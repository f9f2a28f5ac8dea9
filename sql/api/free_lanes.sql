-- How many more deliveries may go to a host at once. The limit is five: a worker sends 50 at a time
-- (worker/main.ts), so it takes ten hanging hosts to fill it, and a host that answers in 50 ms still
-- gets 100 a second. The lock is held to the end of the transaction, so the count is exact across all
-- processes. An attempt that ends does not take the lock: if a delivery is held back at that moment
-- although a lane has become free, the sweep calls it (api.call_forgotten).
-- Take this lock before the row of a webhook, never after: that order prevents deadlocks.
create function api.free_lanes(host text) returns integer language plpgsql volatile as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(8671002, hashtext(free_lanes.host));
  return 5 - (
    select count(*) from vidgen.delivery d join vidgen.webhook w on w.job_id = d.job_id
    where d.duration_ms is null and d.started_at > now() - interval '30 seconds'
      and w.host = free_lanes.host and api.is_under_way(d));
end $$;
comment on function api.free_lanes is 'Locks a receiver''s host and returns how many more deliveries may go to it at once.';
