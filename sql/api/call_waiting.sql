-- Should a call get lost (the process that ended died before), api.tidy finds who waits.
create function api.call_waiting(host text) returns void language plpgsql volatile as $$
#variable_conflict use_column
declare
  free constant integer := greatest(api.free_lanes(host), 0);
  called text;
begin
  for called in
    update vidgen.webhook w set held_back = false
    where w.job_id in (
      select h.job_id from vidgen.webhook h where h.held_back and h.host = call_waiting.host
      order by h.next_attempt_at limit free for update skip locked)
    returning w.job_id
  loop
    perform api.enqueue('deliver_webhook', called, clock_timestamp());
  end loop;
end $$;
comment on function api.call_waiting is 'Queues the deliveries that were held back, as many as their host has lanes free.';
