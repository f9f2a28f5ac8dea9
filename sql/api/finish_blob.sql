-- From here on the file is complete and a job may take it over. Chunks are counted and measured
-- (length() of a stored value reads no bytes), so a file with a hole can never be finished.
create function api.finish_blob(blob_id text, size bigint, sha256 bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  chunk_bytes constant integer := vidgen.chunk_bytes();
begin
  update vidgen.blob b set size = finish_blob.size, sha256 = finish_blob.sha256
    from (
      select count(*) as chunks, coalesce(max(c.n), -1) as last, coalesce(sum(length(c.bytes)), 0) as bytes,
        -- Readers find a range by division, so only the last chunk may be short.
        count(*) filter (where c.n < finish_blob.size / chunk_bytes and length(c.bytes) = chunk_bytes) as full_chunks
      from vidgen.blob_chunk c where c.blob_id = finish_blob.blob_id
    ) stored
    where b.id = finish_blob.blob_id and b.size is null
      and stored.bytes = finish_blob.size
      and stored.chunks = stored.last + 1
      and stored.full_chunks = finish_blob.size / chunk_bytes;
  if not found then
    perform api.raise_upload_lost();
  end if;
end $$;
comment on function api.finish_blob is 'Declares a file complete: its chunks must add up to size. Raises VG500 upload_lost if not.';
