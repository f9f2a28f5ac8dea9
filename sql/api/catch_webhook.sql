-- A catcher catches only while it is open, only webhooks of its own API key, and only at its whole
-- address. A webhook of another key to the same address is sent over the network like any other, where
-- nothing answers.
-- A message that is sent twice (a worker died after the first time) is stored once. A key makes one job
-- at a time, so an hour of messages is small; the catcher still keeps only the last 20.
create function api.catch_webhook(job_id text, headers json) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  catcher_token text;
begin
  insert into vidgen.caught_webhook (token, message_id, job_id, headers, body)
  select c.token, w.message_id, w.job_id, catch_webhook.headers, w.body
  from vidgen.webhook w
  join vidgen.webhook_catcher c on c.url = w.url and c.api_key_id = w.api_key_id
  where w.job_id = catch_webhook.job_id and c.expires_at > now()
  on conflict (token, message_id) do update set
    received_at = clock_timestamp(), headers = excluded.headers
  returning token into catcher_token;
  if not found then
    return false;
  end if;
  delete from vidgen.caught_webhook w where w.token = catcher_token and w.message_id in (
    select old.message_id from vidgen.caught_webhook old where old.token = catcher_token
    order by old.received_at desc offset 20);
  return true;
end $$;
comment on function api.catch_webhook is 'Task deliver_webhook: stores the request in the catcher at its address; false when there is none.';
