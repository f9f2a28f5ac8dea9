create function api.unsealed_secrets(key_name text)
returns table (
  api_key_id text,
  webhook_secret text,              -- null: there is none yet
  previous_webhook_secret text      -- null: none
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.id, k.webhook_secret, k.previous_webhook_secret from vidgen.api_key k
  where k.webhook_secret is null
    or not starts_with(k.webhook_secret, 'sealed:' || key_name || ':')
    or not starts_with(k.previous_webhook_secret, 'sealed:' || key_name || ':')
$$;
comment on function api.unsealed_secrets is 'Webhook secrets that are missing, or sealed with another key than this one.';
