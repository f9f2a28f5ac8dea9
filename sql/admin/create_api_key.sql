-- The key is created and hashed here and shown once; it cannot be read again.
create function admin.create_api_key(
  name text,
  out id text, out api_key text, out webhook_secret text
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  -- No control characters: a name is a cell in operators' tables.
  if coalesce(trim(name), '') = '' or length(name) > 100 or name ~ '[[:cntrl:]]' then
    raise sqlstate 'VG400' using detail = 'invalid_name',
      message = 'Give the key a name of 1 to 100 characters on one line.';
  end if;
  api_key := 'vg_' || vidgen.base64url(vidgen.random_bytes());
  webhook_secret := 'whsec_' || encode(vidgen.random_bytes(), 'base64');
  insert into vidgen.api_key as k (name, key_sha256, key_prefix, webhook_secret)
  values (create_api_key.name, sha256(convert_to(api_key, 'UTF8')), left(api_key, 9), webhook_secret)
  on conflict (name) do nothing
  returning k.id into id;
  if not found then
    raise sqlstate 'VG409' using detail = 'name_taken',
      message = format('There is already an API key named "%s". Choose another name.', name);
  end if;
  -- Postgres cannot seal the secret: it has no AES-GCM, and SECRETS_KEY must stay outside. A worker
  -- seals it at once.
  perform graphile_worker.add_job('seal_secrets');
  perform api.audit('create_api_key', name);
end $$;
comment on function admin.create_api_key is 'Creates an API key; returns the key and its webhook secret, this once.';
