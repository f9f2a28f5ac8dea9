-- Three tries go wrong before a job is given up. Only those count that may be the job's fault: a worker
-- that died, a machine that failed. Being handed back by a worker that shuts down does not.
create function api.is_last_try(job_id text) returns boolean language sql stable as $$
  select count(*) >= 2 from vidgen.attempt a
  where a.job_id = is_last_try.job_id and a.outcome in ('machine failed', 'worker died')
$$;
comment on function api.is_last_try is 'Whether the present attempt of a job, should it go wrong, is its third to do so.';
