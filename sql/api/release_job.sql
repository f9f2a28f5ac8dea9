-- The job goes back to the queue because its worker cannot go on: it is shutting down (no reason
-- given), or its machine fails (a reason is given; the third attempt that ends like this is FAILED
-- with it). The queue row keeps the place of the job's arrival; after a failing machine it waits a
-- few seconds, so that another worker has a chance and nothing spins.
create function api.release_job(
  job_id text,
  attempt integer,
  error_message text default null,
  error_detail text default null
) returns text language plpgsql volatile as $$
#variable_conflict use_column
declare
  queued_at timestamptz;
begin
  if error_message is not null and attempt >= 3 then
    perform api.fail_job(job_id, attempt, error_message, error_detail);
    return 'FAILED';
  end if;
  update vidgen.job j set status = 'PENDING', progress = 0, process_id = null
  where j.id = release_job.job_id and j.attempt = release_job.attempt and j.status = 'PROCESSING'
  returning j.created_at into queued_at;
  if not found then
    perform api.raise_overtaken(job_id, attempt);
  end if;
  perform api.end_attempt(job_id, attempt, 'released', coalesce(error_detail, error_message, 'worker shut down'));
  perform api.enqueue('render', job_id,
    case when error_message is null then queued_at else clock_timestamp() + attempt * interval '3 seconds' end);
  return 'PENDING';
end $$;
comment on function api.release_job is 'Hands a job back to the queue; FAILED instead when a reason is given for the third time.';
