-- The new secret signs from now on. Until the grace ends, webhook-signature also carries a signature by
-- the old secret, so receivers can change over at any moment in between. Only one old secret is kept:
-- rotating again within the grace ends it for the one before.
-- The secret comes sealed, as in admin.create_api_key: only "vidgen keys rotate-secret" can make one.
create function admin.rotate_webhook_secret(
  name text,
  sealed_secret text,                   -- for the id of this key
  grace interval default '24 hours',
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
  previous_valid_until := case when grace > interval '0' then clock_timestamp() + grace end;
  update vidgen.api_key k set
    webhook_secret = sealed_secret,
    -- A key that was created a moment ago may have none yet.
    previous_webhook_secret = case when previous_valid_until is not null then k.webhook_secret end,
    previous_webhook_secret_until = case when k.webhook_secret is not null then previous_valid_until end
  where k.name = rotate_webhook_secret.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('rotate_webhook_secret', name, format('grace %s', grace));
end $$;
comment on function admin.rotate_webhook_secret is 'Sets a new webhook secret, sealed by "vidgen keys rotate-secret"; the old one also signs until the grace ends.';
