-- An attempt begins in a lane that the caller has found free. No row when the message was delivered or given up
-- meanwhile.
create function api.start_delivery(job_id text, process_id integer)
returns table (
  attempt integer, step integer, url text, body text, message_id text, api_key_id text, secrets text[]
)
language plpgsql volatile rows 1 as $$
#variable_conflict use_column
declare
  message vidgen.webhook;
begin
  update vidgen.webhook w set attempts = w.attempts + 1, held_back = false
  where w.job_id = start_delivery.job_id and w.status = 'pending'
  returning w.* into message;
  if not found then
    return;
  end if;
  insert into vidgen.delivery (job_id, attempt, api_key_id, round, process_id)
  values (message.job_id, message.attempts, message.api_key_id, message.round, start_delivery.process_id);
  -- Redeliveries have no end. The latest 100 tell what there is to know.
  if message.attempts > 100 then
    delete from vidgen.delivery d
    where d.job_id = message.job_id and d.attempt <= message.attempts - 100;
  end if;
  return query select s.* from api.delivery_to_send(message) s;
end $$;
comment on function api.start_delivery is 'Writes that an attempt has started, and returns what to send. Part of begin_delivery and take_waiting.';
