-- A file in progress, without bytes and without a job. It belongs to the process that writes it, so that
-- the sweep of a dead process finds its unfinished files.
create function api.begin_blob(process_id integer, content_type text) returns text
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.blob (process_id, content_type)
  values (begin_blob.process_id, begin_blob.content_type)
  returning id
$$;
comment on function api.begin_blob is 'Creates a file of this process and returns its id; see append_blob_chunk, finish_blob.';
