create function api.delivery_to_send(message vidgen.webhook)
returns table (
  attempt integer, step integer, url text, body text, message_id text, api_key_id text, secrets text[]
)
language sql stable rows 1 as $$
  select message.attempts, message.step + 1, message.url, message.body, message.message_id, k.id,
    array_remove(array[k.webhook_secret,
      case when k.previous_webhook_secret_until > now() then k.previous_webhook_secret end], null)
  from vidgen.api_key k where k.id = message.api_key_id
$$;
comment on function api.delivery_to_send is 'All that sending the current attempt of a message needs, the secrets newest first.';
