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
    if lanes <= 0 or exists (select from api.under_way() u where u.job_id = begin_delivery.job_id) then
      update vidgen.webhook w set held_back = true where w.job_id = begin_delivery.job_id and w.status = 'pending';
      return;
    end if;
    return query select s.* from api.start_delivery(begin_delivery.job_id, begin_delivery.process_id) s;
    return;
  end if;
  return query select s.* from api.delivery_to_send(message) s;
end $$;
comment on function api.begin_delivery is 'Task deliver_webhook starts: the message, the number of this attempt, the secrets (newest first).';
