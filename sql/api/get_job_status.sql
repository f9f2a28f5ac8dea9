-- For requests that arrived together, each with its caller's key. One call serves them all, because
-- entering a function that runs with its owner's rights costs more than the read (several times as much
-- before PostgreSQL 17).
create function api.get_job_status(
  api_key_ids text[],               -- for each request; null: it was refused
  job_ids text[],                   -- for each request
  public_url text
) returns table (
  n integer,                        -- from 1
  body json
) language plpgsql stable rows 10 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select asked.n::integer, api.status_json(own.j, public_url)
  from unnest(api_key_ids, job_ids) with ordinality as asked (api_key_id, job_id, n)
  -- The limit keeps this one look-up per request: a plain join may be hashed, which reads all jobs.
  cross join lateral (
    select j from vidgen.job j
    where j.id = asked.job_id and j.api_key_id = asked.api_key_id limit 1) own;
end $$;
comment on function api.get_job_status is 'GET /api/status/:jobId: the status of the callers'' own jobs; no row where there is none.';
