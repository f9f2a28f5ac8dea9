-- A job is given up after three failed tries. Only tries count that may be the job's fault: a worker
-- died, or a machine failed. A worker that shuts down and hands the job back does not count.
create function api.is_last_try(job_id text) returns boolean language sql stable as $$
  select count(*) >= 2 from vidgen.attempt a
  where a.job_id = is_last_try.job_id and a.outcome in ('machine failed', 'worker died')
$$;
comment on function api.is_last_try is 'Whether a failure of the current attempt of a job would be its third.';
