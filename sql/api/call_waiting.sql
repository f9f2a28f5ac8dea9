-- An attempt has ended, so the next one for its host may start. This is a separate statement that
-- touches one row: the queue deletes the rows of ended tasks in batches, and a transaction that wants
-- two of them can deadlock with it. If a call is lost with its process, api.call_forgotten repeats it.
create function api.call_waiting(host text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  next constant text := api.next_waiting(host);
begin
  update vidgen.webhook w set held_back = false where w.job_id = next and w.held_back;
  if not found then
    return false;
  end if;
  perform api.enqueue('deliver_webhook', next, clock_timestamp());
  return true;
end $$;
comment on function api.call_waiting is 'Task deliver_webhook ends: queues the next delivery held back for its host; false when none may go.';
