create function admin.redeliver_webhook(job_id text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  owner_id text;
begin
  select j.api_key_id into owner_id from vidgen.job j where j.id = redeliver_webhook.job_id;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found', message = format('There is no job "%s".', job_id);
  end if;
  perform api.audit('redeliver_webhook', job_id);
  return api.redeliver_webhook(owner_id, job_id);
end $$;
comment on function admin.redeliver_webhook is 'Sends the webhook of an ended job again, at once; returns its id, which stays the same.';
