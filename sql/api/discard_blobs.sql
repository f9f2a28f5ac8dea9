-- For uploads that were refused or interrupted. A file that a job has taken over is never discarded: a
-- late call must not empty a job that was created in time.
create function api.discard_blobs(blob_ids text[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from vidgen.blob where id = any (discard_blobs.blob_ids) and job_id is null
$$;
comment on function api.discard_blobs is 'Removes files that no job has taken over, with their chunks.';
