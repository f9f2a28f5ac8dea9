-- Requests with the key are refused from now on, and its streams and waits end; running jobs continue and
-- their webhooks are sent.
create function admin.deactivate_api_key(name text)
returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.api_key k set deactivated_at = coalesce(k.deactivated_at, now())
    where k.name = deactivate_api_key.name;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  perform api.audit('deactivate_api_key', name);
  -- Streams follow active jobs only. Whoever listens reads them again (api.get_job_statuses) and finds nothing.
  perform pg_notify('job_changed', j.id)
    from vidgen.job j join vidgen.api_key k on k.id = j.api_key_id
    where k.name = deactivate_api_key.name and j.status in ('PENDING', 'PROCESSING');
end $$;
comment on function admin.deactivate_api_key is 'Refuses requests with a key from now on and ends its streams. Does nothing the second time.';
