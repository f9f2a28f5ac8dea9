-- As its caller would: the caller reads CANCELLED, and no webhook is sent.
create function admin.cancel_job(
  job_id text,
  force boolean default false       -- also while it is being rendered
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  owner_id text;
begin
  select j.api_key_id into owner_id from vidgen.job j where j.id = cancel_job.job_id;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found', message = format('There is no job "%s".', job_id);
  end if;
  perform api.cancel_job(owner_id, job_id, force);
  perform api.audit('cancel_job', job_id, case when force then 'by force' end);
end $$;
comment on function admin.cancel_job is 'Cancels a PENDING job, by force also a PROCESSING one; frees its key and sends no webhook.';
