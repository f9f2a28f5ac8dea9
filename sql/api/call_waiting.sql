-- An attempt has ended, so the next one for its host may start. This is a separate statement that
-- touches one row: the queue deletes the rows of ended tasks in batches, and a transaction that wants
-- two of them can deadlock with it. If a call is lost with its process, api.call_forgotten repeats it.
-- A message with an attempt still under way is not called until that attempt ends.
create function api.call_waiting(host text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  called text;
begin
  if api.free_lanes(call_waiting.host) <= 0 then
    return false;
  end if;
  update vidgen.webhook w set held_back = false
  where w.job_id = (
    select h.job_id from vidgen.webhook h where h.held_back and h.host = call_waiting.host
      and not exists (select from vidgen.delivery d where d.job_id = h.job_id and api.is_under_way(d))
    order by h.next_attempt_at limit 1 for update skip locked)
  returning w.job_id into called;
  if called is null then
    return false;
  end if;
  perform api.enqueue('deliver_webhook', called, clock_timestamp());
  return true;
end $$;
comment on function api.call_waiting is 'Task deliver_webhook ends: queues the next delivery held back for its host; false when none may go.';
