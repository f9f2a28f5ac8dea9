-- For streams and waits, whose callers were admitted before: all changed jobs in one read. A key that has
-- been deactivated since is told nothing more: no row ends its streams.
create function api.get_job_statuses(job_ids text[], public_url text)
returns table (job_id text, status text, updated_at text, body json)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select j.id, j.status, api.iso8601(j.updated_at), api.status_json(j, public_url)
  from vidgen.job j where j.id = any (job_ids)
    and exists (select from vidgen.api_key k where k.id = j.api_key_id and k.deactivated_at is null)
$$;
comment on function api.get_job_statuses is 'Jobs as GET /api/status/:jobId answers them, whatever active key they belong to: for streams and waits.';
