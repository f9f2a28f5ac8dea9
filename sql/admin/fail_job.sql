-- The caller reads the reason as errorMessage, and the webhook carries it. A worker that renders the job
-- or fetches its files is told, and stops.
-- A PENDING job is claimed in the operator's name, by a process that exists only for this transaction, so
-- that its attempts say who failed it.
create function admin.fail_job(job_id text, reason text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  job vidgen.job;
  operator_id integer;
begin
  if coalesce(trim(reason), '') = '' or length(reason) > 500 then
    raise sqlstate 'VG400' using detail = 'invalid_reason',
      message = 'Give a reason of 1 to 500 characters; the caller will read it.';
  end if;
  select j.* into job from vidgen.job j where j.id = fail_job.job_id for update;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found', message = format('There is no job "%s".', job_id);
  end if;
  if job.status not in ('PENDING', 'PROCESSING') then
    raise sqlstate 'VG409' using detail = 'job_ended',
      message = format('Only an active job can be failed; this one is %s.', job.status);
  end if;

  if job.status = 'PENDING' then
    insert into vidgen.process (kind, host, pid) values ('worker', 'operator', pg_backend_pid())
      returning id into operator_id;
    update vidgen.job j set status = 'PROCESSING', attempt = j.attempt + 1, process_id = operator_id,
      started_at = clock_timestamp()
    where j.id = job.id returning j.* into job;
    insert into vidgen.attempt (job_id, attempt, process_id, worker)
    values (job.id, job.attempt, operator_id, 'operator');
    perform api.dequeue_render(job.id);
  end if;
  perform pg_notify('attempt_overtaken', job.id);
  perform api.fail_job(job.id, job.attempt, trim(reason), 'failed by an operator');
  delete from vidgen.process p where p.id = operator_id;
  perform api.audit('fail_job', job_id, trim(reason));
end $$;
comment on function admin.fail_job is 'Ends an active job as FAILED with a reason for the caller; frees its key and sends the webhook.';
