create function admin.new_api_key_id() returns text
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select vidgen.new_id()
$$;
comment on function admin.new_api_key_id is 'An id for a new API key, for which its webhook secret can be sealed before the key is created.';
