-- A part of one chunk. The column is stored EXTERNAL (uncompressed), so substring() reads only the pages
-- it needs: 64 KiB from the middle cost well under a millisecond.
create function api.read_blob_chunk(blob_id text, n integer, skip integer, take integer) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select substring(bytes from skip + 1 for take)
  from vidgen.blob_chunk
  where blob_id = read_blob_chunk.blob_id and n = read_blob_chunk.n
$$;
comment on function api.read_blob_chunk is '`take` bytes of chunk n after the first `skip`; null when the chunk is missing.';
