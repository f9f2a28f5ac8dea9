create function api.get_job_status(api_key_id text, job_id text, public_url text)
returns table (body json) language sql stable rows 1 as $$
  select api.status_json(j, public_url) from vidgen.job j
  where j.id = get_job_status.job_id and j.api_key_id = get_job_status.api_key_id
$$;
comment on function api.get_job_status is 'GET /api/status/:jobId: the status of one''s own job; no row when there is none.';
