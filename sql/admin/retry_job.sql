-- An operator's retry makes the job again as it was submitted: see api.remake_job.
create function admin.retry_job(job_id text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  old_job vidgen.job;
  key vidgen.api_key;
  new_id text;
begin
  select j.* into old_job from vidgen.job j where j.id = retry_job.job_id for update;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found', message = format('There is no job "%s".', job_id);
  end if;
  if old_job.status <> 'FAILED' then
    raise sqlstate 'VG409' using detail = 'job_not_failed',
      message = format('Only a FAILED job can be retried; this one is %s.', old_job.status);
  end if;
  -- The lock prevents the key from being deactivated now.
  select k.* into key from vidgen.api_key k where k.id = old_job.api_key_id for share;
  if key.deactivated_at is not null then
    raise sqlstate 'VG409' using detail = 'api_key_deactivated',
      message = format('The API key "%s" is deactivated: activate it first.', key.name);
  end if;

  new_id := api.remake_job(old_job, old_job.options, old_job.metadata, old_job.needs_renderer);
  perform api.audit('retry_job', job_id, 'made ' || new_id);
  return new_id;
end $$;
comment on function admin.retry_job is 'Makes a new job from the files of a FAILED one and returns its id; the old one stays FAILED.';
