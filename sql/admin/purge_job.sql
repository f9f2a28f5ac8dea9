-- For content that must not be kept: deletes the files, the deliveries and the job's own row. Its
-- addresses answer 404 from then on. A delivery that is under way finds nothing to record and is
-- forgotten.
create function admin.purge_job(job_id text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  present_status text;
begin
  select j.status into present_status from vidgen.job j where j.id = purge_job.job_id for update;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found', message = format('There is no job "%s".', job_id);
  end if;
  if present_status in ('PENDING', 'PROCESSING') then
    raise sqlstate 'VG409' using detail = 'job_active',
      message = format('This job is %s: fail it first.', present_status);
  end if;
  -- The webhook's row before its queue row: the same order as api.record_delivery, which may run at the
  -- same time.
  delete from vidgen.job j where j.id = purge_job.job_id;
  perform graphile_worker.remove_job('deliver_webhook:' || job_id);
  perform api.audit('purge_job', job_id);
end $$;
comment on function admin.purge_job is 'Deletes an ended job with all its files and deliveries, for good.';
