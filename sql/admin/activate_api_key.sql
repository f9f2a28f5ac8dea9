create function admin.activate_api_key(name text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.api_key k set deactivated_at = null where k.name = activate_api_key.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('activate_api_key', name);
end $$;
comment on function admin.activate_api_key is 'Accepts requests with a deactivated key again. Does nothing the second time.';
