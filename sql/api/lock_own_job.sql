-- What a caller may change is a job of its own key. Another key's job is told like one that does not exist.
create function api.lock_own_job(api_key_id text, job_id text) returns vidgen.job
language plpgsql volatile as $$
#variable_conflict use_column
declare
  job vidgen.job;
begin
  select j.* into job from vidgen.job j
    where j.id = lock_own_job.job_id and j.api_key_id = lock_own_job.api_key_id for update;
  if not found then
    raise sqlstate 'VG404' using detail = 'job_not_found',
      message = 'No such job, or it belongs to another API key.';
  end if;
  return job;
end $$;
comment on function api.lock_own_job is 'A caller''s own job, locked until the transaction ends. Raises VG404. Part of the functions that change a job.';
