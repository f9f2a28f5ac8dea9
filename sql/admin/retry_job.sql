-- A job never leaves FAILED, for its caller has been told. So a new job is made of its files, with its
-- webhookUrl; the caller sees it in the list, and the webhook names the new id. The files move: a job
-- can be retried once, then the one made of it.
create function admin.retry_job(job_id text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  old_job vidgen.job;
  key vidgen.api_key;
  new_id text;
  moved integer;
begin
  select j.* into old_job from vidgen.job j where j.id = retry_job.job_id for update;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found', message = format('There is no job "%s".', job_id);
  end if;
  if old_job.status <> 'FAILED' then
    raise sqlstate 'VG409' using detail = 'job_not_failed',
      message = format('Only a FAILED job can be retried; this one is %s.', old_job.status);
  end if;
  -- The lock keeps it from being deactivated now.
  select k.* into key from vidgen.api_key k where k.id = old_job.api_key_id for share;
  if key.deactivated_at is not null then
    raise sqlstate 'VG409' using detail = 'api_key_deactivated',
      message = format('The API key "%s" is deactivated: activate it first.', key.name);
  end if;

  insert into vidgen.job (api_key_id, webhook_url) values (key.id, old_job.webhook_url)
  on conflict (api_key_id) where status in ('PENDING', 'PROCESSING') do nothing
  returning id into new_id;
  if not found then
    raise sqlstate 'VG409' using detail = 'active_job_exists',
      message = format('The API key "%s" has an active job just now: try again when that has ended.', key.name);
  end if;
  update vidgen.blob set job_id = new_id where job_id = old_job.id and kind in ('image', 'audio');
  get diagnostics moved = row_count;
  if moved <> 2 then
    raise sqlstate 'VG409' using detail = 'inputs_gone',
      message = 'The picture and audio of this job are gone: they expired, or went to an earlier retry. The caller must submit them again.';
  end if;
  perform api.enqueue('render', new_id, clock_timestamp());
  return new_id;
end $$;
comment on function admin.retry_job is 'Makes a new job of the files of a FAILED one and returns its id; the old one stays FAILED.';
