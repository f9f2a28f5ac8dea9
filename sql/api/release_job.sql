-- The job returns to the queue because its worker cannot go on: the worker shuts down or has lost its
-- database or storage (no message given), or its machine fails (a message for the caller, in case it was
-- the last try). The queue row keeps the place of the job's arrival. After a machine failure it waits a
-- little, so that another worker has a chance and nothing spins; where every living worker has failed at
-- it, it waits for minutes, because what ails a machine rarely passes in seconds.
create function api.release_job(
  job_id text,
  attempt integer,
  error_message text default null,
  error_detail text default null,
  retry_in interval default '0'     -- for what needs time: a bucket that is away
) returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  queued_at timestamptz;
  failures integer;
begin
  if error_message is not null and api.is_last_try(job_id) then
    perform api.fail_job(job_id, attempt, error_message, error_detail, 'machine failed');
    return 'FAILED';
  end if;
  update vidgen.job j set status = 'PENDING', progress = 0, process_id = null
  where j.id = release_job.job_id and j.attempt = release_job.attempt and j.status = 'PROCESSING'
  returning j.created_at into queued_at;
  if not found then
    perform api.raise_overtaken(job_id, attempt);
  end if;
  perform api.end_attempt(job_id, attempt,
    case when error_message is null then 'released' else 'machine failed' end,
    coalesce(error_detail, error_message, 'worker shut down'));
  if error_message is not null then
    select count(*) into failures from vidgen.attempt a
    where a.job_id = release_job.job_id and a.outcome = 'machine failed';
    perform api.enqueue_render(job_id, clock_timestamp() +
      case when api.has_fresh_worker(job_id) then interval '2 seconds' else interval '1 minute' * 5 ^ (failures - 1) end);
  elsif retry_in > interval '0' then
    perform api.enqueue_render(job_id, clock_timestamp() + retry_in);
  else
    perform api.enqueue_render(job_id, queued_at);
  end if;
  return 'PENDING';
end $$;
comment on function api.release_job is 'Returns a job to the queue; FAILED instead when a message is given and it was the last try.';
