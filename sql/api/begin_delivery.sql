-- What to send, and as which attempt. No row: it was delivered or given up meanwhile, nothing is left
-- to do. Nothing is written: when the worker dies after sending, the message is sent again, at least
-- once being the promise.
create function api.begin_delivery(job_id text)
returns table (attempt integer, step integer, url text, body text, message_id text, secrets text[])
language sql stable rows 1 as $$
  select w.attempts + 1, w.step + 1, w.url, w.body, w.message_id,
    array_remove(array[k.webhook_secret,
      case when k.previous_webhook_secret_until > now() then k.previous_webhook_secret end], null)
  from vidgen.webhook w
  join vidgen.job j on j.id = w.job_id
  join vidgen.api_key k on k.id = j.api_key_id
  where w.job_id = begin_delivery.job_id and w.status = 'pending'
$$;
comment on function api.begin_delivery is 'Task deliver_webhook begins: the message, the number of this attempt, the secrets (newest first).';
