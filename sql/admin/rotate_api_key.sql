-- The old key is refused from this moment: a leaked key gets no grace. Jobs, their webhooks and the
-- webhook secret stay. A deactivated key stays deactivated.
create function admin.rotate_api_key(name text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  api_key text := 'vg_' || vidgen.base64url(vidgen.random_bytes());
begin
  update vidgen.api_key k set key_sha256 = sha256(convert_to(api_key, 'UTF8')), key_prefix = left(api_key, 9)
    where k.name = rotate_api_key.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('rotate_api_key', name);
  return api_key;
end $$;
comment on function admin.rotate_api_key is 'Gives an API key a new value, returned this once; the old value is refused from now on.';
