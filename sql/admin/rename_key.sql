-- A name is for operators only: callers, jobs and files go by the key's id.
create function admin.rename_key(name text, new_name text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  if coalesce(trim(new_name), '') = '' or length(new_name) > 100 or new_name ~ '[[:cntrl:]]' then
    raise sqlstate 'VG400' using detail = 'invalid_name',
      message = 'Give the key a name of 1 to 100 characters on one line.';
  end if;
  update vidgen.api_key k set name = rename_key.new_name where k.name = rename_key.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('rename_key', name, format('to %s', new_name));
exception when unique_violation then
  raise sqlstate 'VG409' using detail = 'name_taken',
    message = format('There is already an API key named "%s". Choose another name.', new_name);
end $$;
comment on function admin.rename_key is 'Gives an API key another name; its value, jobs and limits stay.';
