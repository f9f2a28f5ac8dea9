-- A file of less than a chunk in one statement, where a larger one takes three: begin_blob, append_blob_chunk,
-- finish_blob. Most pictures, voice notes and posters are that small.
create function api.store_blob(process_id integer, content_type text, bytes bytea, sha256 bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  blob_id text;
begin
  insert into vidgen.blob (process_id, content_type, size, sha256)
  values (store_blob.process_id, store_blob.content_type, length(bytes), store_blob.sha256)
  returning id into blob_id;
  insert into vidgen.blob_chunk (blob_id, n, bytes) values (blob_id, 0, store_blob.bytes);
  return blob_id;
end $$;
comment on function api.store_blob is 'Stores a small file of this process whole, and returns its id.';
