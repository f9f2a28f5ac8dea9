create function api.get_job(api_key_id text, job_id text, public_url text, keep_videos interval)
returns table (body json) language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
  select api.job_json(j, public_url, keep_videos) from vidgen.job j
  where j.id = get_job.job_id and j.api_key_id = get_job.api_key_id
$$;
comment on function api.get_job is 'GET /api/jobs/:jobId: a caller''s own job in full; no row when there is none.';
