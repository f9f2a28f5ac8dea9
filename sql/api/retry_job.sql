-- For a job that failed on our side or was cancelled too soon, without sending the files again. What is
-- given replaces what the job had; the rest stays.
create function api.retry_job(
  api_key_id text,
  job_id text,
  options jsonb default '{}',
  metadata jsonb default null,      -- null: as it was
  needs_renderer integer default 0  -- of the options given
) returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  old_job vidgen.job := api.lock_own_job(api_key_id, job_id);
begin
  if old_job.status not in ('FAILED', 'CANCELLED') then
    raise sqlstate 'VG409' using detail = 'job_not_retryable',
      message = format('Only a FAILED or CANCELLED job can be retried; this one is %s.', old_job.status);
  end if;
  return api.remake_job(old_job, old_job.options || options, coalesce(metadata, old_job.metadata),
    greatest(old_job.needs_renderer, needs_renderer));
end $$;
comment on function api.retry_job is 'POST /api/jobs/:jobId/retry: a new job from the files of a FAILED or CANCELLED one; returns its id.';
