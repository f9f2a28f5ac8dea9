-- For streams and waits, whose callers were admitted before: all changed jobs in one read.
create function api.get_job_statuses(job_ids text[], public_url text)
returns table (job_id text, status text, updated_at text, body json)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select j.id, j.status, api.iso8601(j.updated_at), api.status_json(j, public_url)
  from vidgen.job j where j.id = any (job_ids)
$$;
comment on function api.get_job_statuses is 'Jobs as GET /api/status/:jobId answers them, whatever key they belong to: for streams and waits.';
