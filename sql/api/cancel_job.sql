-- Cancel, claim, complete and fail update the same row. The second one finds the status changed, so exactly
-- one of them wins.
create function api.cancel_job(
  api_key_id text,
  job_id text,
  force boolean default false       -- also while it is being rendered
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  job vidgen.job := api.lock_own_job(api_key_id, job_id);
begin
  if job.status <> 'PENDING' and not (force and job.status = 'PROCESSING') then
    raise sqlstate 'VG409' using detail = 'job_not_cancellable',
      message = format('Only a %s job can be cancelled; this one is %s.',
        case when force then 'PENDING or PROCESSING' else 'PENDING' end, job.status);
  end if;
  update vidgen.job j set status = 'CANCELLED', process_id = null, finished_at = clock_timestamp()
    where j.id = job.id;
  if job.status = 'PENDING' then
    perform api.dequeue_render(job.id);
  else
    -- The queue row is locked by the worker. It goes when the worker has stopped.
    perform api.end_attempt(job.id, job.attempt, 'cancelled');
  end if;
  -- For a worker that renders it or fetches its files. Only the id travels: the worker asks, and its next
  -- report of progress tells as well.
  perform pg_notify('attempt_overtaken', job.id);
end $$;
comment on function api.cancel_job is 'DELETE /api/jobs/:jobId: cancels a caller''s own PENDING job, by force also a PROCESSING one. Raises VG404, VG409.';
