create function api.raise_overtaken(job_id text, attempt integer) returns void language plpgsql as $$
begin
  raise sqlstate 'VG409' using detail = 'attempt_overtaken',
    message = format('Attempt %s no longer holds job %s.', attempt, job_id);
end $$;
comment on function api.raise_overtaken is 'The fence: refuses a write from an attempt that no longer holds the job.';
