-- As append_blob_chunk, for a file that moves out of the bucket: it is whole, and read from there until all
-- chunks are here. A move that was broken off may have left some, which are the same.
create function api.append_returning_chunk(blob_id text, n integer, bytes bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.blob_chunk (blob_id, n, bytes)
    select b.id, append_returning_chunk.n, append_returning_chunk.bytes from vidgen.blob b
    where b.id = append_returning_chunk.blob_id and b.size is not null and b.object_key is not null
    for key share
  on conflict (blob_id, n) do update set bytes = excluded.bytes
$$;
comment on function api.append_returning_chunk is 'Writes chunk n (from 0) of a file that moves out of the bucket; of one that has gone, nothing.';
