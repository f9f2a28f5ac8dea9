create function api.stat_blob(blob_id text)
returns table (
  size bigint, sha256 text, content_type text,
  object_key text                   -- null: in chunks
)
language plpgsql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select size, encode(sha256, 'hex'), content_type, object_key
  -- A file that is still being written does not count.
  from vidgen.blob where id = stat_blob.blob_id and size is not null;
end $$;
comment on function api.stat_blob is 'Size in bytes, SHA-256 in hex, type and object (null: in chunks) of a complete file; no row when there is none.';
