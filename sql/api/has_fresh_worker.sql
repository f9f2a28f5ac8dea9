create function api.has_fresh_worker(job_id text) returns boolean language sql stable as $$
  select exists (select from vidgen.process p where p.kind = 'worker' and p.resting_since is null and not exists (
    select from vidgen.attempt a
    where a.job_id = has_fresh_worker.job_id and a.outcome = 'machine failed' and a.process_id = p.id))
$$;
comment on function api.has_fresh_worker is 'Whether a worker lives whose machine has not failed at this job.';
