-- Cancel and claim update the same row. The second one finds the status changed, so exactly one of them
-- wins.
create function api.cancel_job(api_key_id text, job_id text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  present_status text;
begin
  update vidgen.job set status = 'CANCELLED', finished_at = clock_timestamp()
    where id = cancel_job.job_id and api_key_id = cancel_job.api_key_id and status = 'PENDING';
  if found then
    perform api.dequeue_render(cancel_job.job_id);
    return;
  end if;
  select j.status into present_status from vidgen.job j
    where j.id = cancel_job.job_id and j.api_key_id = cancel_job.api_key_id;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found',
      message = 'No such job, or it belongs to another API key.';
  end if;
  raise sqlstate 'VG409' using detail = 'job_not_cancellable',
    message = format('Only a PENDING job can be cancelled; this one is %s.', present_status);
end $$;
comment on function api.cancel_job is 'DELETE /api/jobs/:jobId: cancels a caller''s own PENDING job. Raises VG404, VG409.';
