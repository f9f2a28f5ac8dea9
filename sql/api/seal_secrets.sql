-- Only if the secrets are still those that were sealed: a rotation meanwhile has requested its own
-- sealing.
create function api.seal_secrets(
  api_key_id text,
  webhook_secret text,                 -- as api.unsealed_secrets returned it, or null
  previous_webhook_secret text,        -- the same, or null
  sealed_webhook_secret text,
  sealed_previous_webhook_secret text  -- or null
) returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.api_key k set
    webhook_secret = sealed_webhook_secret, previous_webhook_secret = sealed_previous_webhook_secret
  where k.id = seal_secrets.api_key_id and k.webhook_secret is not distinct from seal_secrets.webhook_secret
    and k.previous_webhook_secret is not distinct from seal_secrets.previous_webhook_secret;
  return found;
end $$;
comment on function api.seal_secrets is 'Replaces the secrets of a key with their sealed form; false when they have changed meanwhile.';
