-- The key is created and hashed here and shown once; it cannot be read again. The webhook secret never comes
-- here in plain text, where it would stay in the table, the log of the server and its backups: a program
-- that has SECRETS_KEY seals it before ("vidgen keys create"). From psql there is none, so a worker makes
-- one, which nobody gets to see; "vidgen keys rotate-secret" makes one that is shown.
create function admin.create_api_key(
  name text,
  sealed_secret text default null,     -- see src/secrets.ts; null: a worker makes the secret
  sealed_for text default null,        -- the id of the key, if the secret is sealed for one; else null
  out id text, out api_key text
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
  insert into vidgen.api_key as k (id, name, key_sha256, key_prefix, webhook_secret)
  values (coalesce(sealed_for, vidgen.new_id()), create_api_key.name,
    sha256(convert_to(api_key, 'UTF8')), left(api_key, 9), sealed_secret)
  on conflict (name) do nothing
  returning k.id into id;
  if not found then
    raise sqlstate 'VG409' using detail = 'name_taken',
      message = format('There is already an API key named "%s". Choose another name.', name);
  end if;
  if sealed_secret is null then
    perform graphile_worker.add_job('seal_secrets');
  end if;
  perform api.audit('create_api_key', name);
end $$;
comment on function admin.create_api_key is 'Creates an API key and returns it, this once. Its webhook secret is made by a worker; "vidgen keys create" shows one.';
