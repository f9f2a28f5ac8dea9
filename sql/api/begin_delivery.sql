-- The message to send and the number of the attempt. No row means there is nothing to send: the message
-- was delivered or given up meanwhile, or it has to wait until an attempt that ends calls it
-- (api.call_waiting). It waits while another attempt of the same message is under way (a redelivery was
-- requested meanwhile), and while its host or its key has as many deliveries as it may: a receiver that
-- hangs must not take every worker's time.
-- The attempt's row is written now. When the worker dies after sending, the next attempt sends the
-- message again: the promise is at least once.
create function api.begin_delivery(job_id text, process_id integer)
returns table (
  attempt integer, step integer, url text, body text, message_id text, api_key_id text,
  secrets text[]                    -- sealed, newest first (src/secrets.ts)
)
language plpgsql volatile rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  message vidgen.webhook;
  lanes integer;
begin
  if not exists (select from vidgen.process p where p.id = begin_delivery.process_id) then
    raise sqlstate 'VG409' using detail = 'process_gone',
      message = format('Process %s was taken for dead; it may not deliver.', process_id);
  end if;
  select w.* into message from vidgen.webhook w where w.job_id = begin_delivery.job_id and w.status = 'pending';
  if not found then
    return;
  end if;
  -- This very process has started it before: the answer to that call was lost, or its task was
  -- interrupted.
  update vidgen.delivery d set started_at = clock_timestamp()
  where d.job_id = begin_delivery.job_id and d.attempt = message.attempts and d.round = message.round
    and d.process_id = begin_delivery.process_id and d.duration_ms is null;
  if not found then
    -- A separate statement, because it waits: only the next statement sees what was started meanwhile.
    lanes := api.free_lanes(message.host, message.api_key_id);
    if lanes <= 0 or exists (
      select from vidgen.delivery d where d.job_id = begin_delivery.job_id and api.is_under_way(d))
    then
      update vidgen.webhook w set held_back = true where w.job_id = begin_delivery.job_id and w.status = 'pending';
      return;
    end if;
    update vidgen.webhook w set attempts = w.attempts + 1, held_back = false
    where w.job_id = begin_delivery.job_id and w.status = 'pending'
    returning w.* into message;
    if not found then
      return;
    end if;
    insert into vidgen.delivery (job_id, attempt, api_key_id, round, process_id)
    values (message.job_id, message.attempts, message.api_key_id, message.round, begin_delivery.process_id);
    -- Redeliveries have no end. The latest 100 tell what there is to know.
    if message.attempts > 100 then
      delete from vidgen.delivery d
      where d.job_id = begin_delivery.job_id and d.attempt <= message.attempts - 100;
    end if;
  end if;
  return query
    select message.attempts, message.step + 1, message.url, message.body, message.message_id, k.id,
      array_remove(array[k.webhook_secret,
        case when k.previous_webhook_secret_until > now() then k.previous_webhook_secret end], null)
    from vidgen.job j join vidgen.api_key k on k.id = j.api_key_id
    where j.id = begin_delivery.job_id;
end $$;
comment on function api.begin_delivery is 'Task deliver_webhook starts: the message, the number of this attempt, the secrets (newest first).';
