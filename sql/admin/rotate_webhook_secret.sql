-- The new secret signs from now on. Until the grace ends, webhook-signature also carries a signature by
-- the old secret, so receivers can change over at any moment in between. Only one old secret is kept:
-- rotating again within the grace ends it for the one before.
create function admin.rotate_webhook_secret(
  name text,
  grace interval default '24 hours',
  out webhook_secret text,
  out previous_valid_until timestamptz  -- null: the old one is no longer valid
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  -- At most a year, because an old secret must end.
  if grace is null or grace not between interval '0' and interval '1 year' then
    raise sqlstate 'VG400' using detail = 'invalid_grace',
      message = 'Give a grace between zero and a year, such as 24 hours.';
  end if;
  webhook_secret := 'whsec_' || encode(vidgen.random_bytes(), 'base64');
  previous_valid_until := case when grace > interval '0' then clock_timestamp() + grace end;
  update vidgen.api_key k set
    webhook_secret = rotate_webhook_secret.webhook_secret,
    previous_webhook_secret = case when previous_valid_until is not null then k.webhook_secret end,
    previous_webhook_secret_until = previous_valid_until
  where k.name = rotate_webhook_secret.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('rotate_webhook_secret', name, format('grace %s', grace));
  -- Postgres cannot seal the secret: it has no AES-GCM, and SECRETS_KEY must stay outside. A worker
  -- seals it at once.
  perform graphile_worker.add_job('seal_secrets');
end $$;
comment on function admin.rotate_webhook_secret is 'Creates a new webhook secret, returned this once; the old one also signs until the grace ends.';
