-- An attempt has ended, so the next one for its host may start. This is a separate statement that
-- touches one row: the queue deletes the rows of ended tasks in batches, and a transaction that wants
-- two of them can deadlock with it. If a call is lost with its process, api.call_forgotten repeats it.
-- A message with an attempt still under way is not called until that attempt ends, and one of a key that has
-- all its lanes full not until one of those ends.
create function api.call_waiting(host text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  called vidgen.webhook;
begin
  if api.free_lanes(call_waiting.host, null) <= 0 then
    return false;
  end if;
  select h.* into called from vidgen.webhook h
  where h.held_back and h.host = call_waiting.host
    and h.api_key_id <> all (array(
      select u.api_key_id from api.under_way() u group by 1 having count(*) >= api.lanes_of_key()))
    and not exists (select from vidgen.delivery d where d.job_id = h.job_id and api.is_under_way(d))
  order by h.next_attempt_at limit 1;
  if called.job_id is null or api.free_lanes(call_waiting.host, called.api_key_id) <= 0 then
    return false;
  end if;
  update vidgen.webhook w set held_back = false where w.job_id = called.job_id and w.held_back;
  if not found then
    return false;
  end if;
  perform api.enqueue('deliver_webhook', called.job_id, clock_timestamp());
  return true;
end $$;
comment on function api.call_waiting is 'Task deliver_webhook ends: queues the next delivery held back for its host; false when none may go.';
