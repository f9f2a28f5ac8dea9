create function api.holds_job(job_id text, attempt integer) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from vidgen.job j
    where j.id = holds_job.job_id and j.attempt = holds_job.attempt and j.status = 'PROCESSING')
$$;
comment on function api.holds_job is 'Whether an attempt still holds its job, or was overtaken.';
