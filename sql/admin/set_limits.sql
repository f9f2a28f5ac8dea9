-- All three at once, so that what a call says is what holds afterwards, whatever held before.
create function admin.set_limits(
  name text,
  max_stored_bytes bigint,          -- null, as below: the limit of the service
  max_file_mb integer,              -- or null
  max_audio_minutes integer         -- or null
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  violated text;
begin
  update vidgen.api_key k set
    max_stored_bytes = set_limits.max_stored_bytes,
    max_file_mb = set_limits.max_file_mb,
    max_audio_minutes = set_limits.max_audio_minutes
  where k.name = set_limits.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('set_limits', name, format('%s bytes, %s MB, %s minutes', max_stored_bytes, max_file_mb, max_audio_minutes));
exception when check_violation then
  get stacked diagnostics violated = constraint_name;
  raise sqlstate 'VG400' using detail = 'invalid_limit', message = case violated
    when 'api_key_max_file_mb_range' then 'Set max_file_mb to a number from 1 to 2048, or to null for the limit of the service.'
    when 'api_key_max_audio_minutes_range'
      then 'Set max_audio_minutes to a number from 1 to 1440, or to null for the limit of the service.'
    else 'Set max_stored_bytes to a number from 1 to 9007199254740991, or to null for the limit of the service.' end;
end $$;
comment on function admin.set_limits is 'Sets what one key may store, send and render, from its next request on; null: as the service says.';
