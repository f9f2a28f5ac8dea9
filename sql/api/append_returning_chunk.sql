-- As append_blob_chunk, for a file that moves out of the bucket. The file is complete, and read from the
-- bucket until all chunks are here. An interrupted move may have left some chunks, with the same bytes.
create function api.append_returning_chunk(blob_id text, n integer, bytes bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.blob_chunk (blob_id, n, bytes)
    select b.id, append_returning_chunk.n, append_returning_chunk.bytes from vidgen.blob b
    where b.id = append_returning_chunk.blob_id and b.size is not null and b.object_key is not null
    for key share
  on conflict (blob_id, n) do update set bytes = excluded.bytes
$$;
comment on function api.append_returning_chunk is 'Writes chunk n (from 0) of a file that moves out of the bucket; does nothing when the file is gone.';
