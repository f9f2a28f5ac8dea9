-- An attempt has ended, and the worker goes on with the next message in the lane that is free now. That spares a
-- busy receiver's deliveries the way through the queue, which costs more than sending them; and being one call it
-- spares each of them a statement and a commit. As a rule the message is of the same host and key
-- (api.next_in_lane). If other keys wait for the host, it is the one that has waited longest, and the lanes are counted.
-- If the answer is lost after the commit, the call is repeated and may take another message. The first one then
-- has no queue row: api.bury_process and api.tidy see to that.
create function api.end_delivery(
  process_id integer,
  ended_job_id text,
  ended_attempt integer,
  duration_ms integer,
  status integer,                   -- null: there was no answer
  error_class text,                 -- null: delivered
  error_message text,               -- null: delivered
  response_head text,
  retry_in_seconds double precision, -- null: this was the last attempt
  goes_on boolean                   -- false: the worker has other things to do
) returns table (
  waiting_host text,                -- null: the row is the message to go on with
  job_id text, attempt integer, step integer, url text, body text, message_id text, api_key_id text,
  secrets text[]                    -- sealed, newest first (src/secrets.ts)
) language plpgsql volatile rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  shared_host text;
  left_lane boolean;
begin
  -- Almost always no other key waits for the host, and then this is one look into an empty index. It is locked
  -- before the row of the message is: see api.free_lanes.
  select w.host into shared_host from vidgen.webhook w
  where w.job_id = ended_job_id and goes_on
    and exists (select from vidgen.webhook h where h.held_back and h.host = w.host and h.api_key_id <> w.api_key_id);
  if found then
    perform api.lock_host(shared_host);
  end if;
  left_lane := api.record_delivery(
    ended_job_id, ended_attempt, duration_ms, status, error_class, error_message, response_head, retry_in_seconds);
  if shared_host is not null then
    return query select null, t.* from api.take_waiting(shared_host, end_delivery.process_id) t;
  elsif left_lane and goes_on then
    return query select null, n.* from api.next_in_lane(ended_job_id, ended_attempt, end_delivery.process_id) n;
  end if;
  if found then
    return;
  end if;
  waiting_host := api.waiting_host(ended_job_id);
  -- Another host is another transaction's: it would be locked second.
  if waiting_host is not null and waiting_host is distinct from shared_host then
    return next;
  end if;
end $$;
comment on function api.end_delivery is 'Task deliver_webhook ends: records the attempt, and starts the next one that is due for its host. Else the row names a host for which one is held back (api.take_waiting, api.call_waiting), or there is none.';
