-- One chunk per short transaction: a client that takes ten minutes to send its file holds no connection
-- meanwhile. Chunks may arrive out of order; n counts from 0.
-- The commit is asynchronous, because no caller is promised a single chunk. finish_blob commits
-- synchronously, and since the log is written in order, its promise covers every chunk before it. If a
-- crash of the server loses chunks, finish_blob's count notices.
create function api.append_blob_chunk(blob_id text, n integer, bytes bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  set local synchronous_commit = off;
  insert into vidgen.blob_chunk (blob_id, n, bytes)
    select b.id, append_blob_chunk.n, append_blob_chunk.bytes
    from vidgen.blob b where b.id = append_blob_chunk.blob_id and b.size is null
    -- The foreign key takes this lock anyway. Taking it first means that a file deleted meanwhile is not
    -- found.
    for key share;
  if not found then
    -- The sweep buried its process and removed the file, or its writer has given it up.
    perform api.raise_upload_lost();
  end if;
end $$;
comment on function api.append_blob_chunk is 'Writes chunk n (from 0; 256 KiB, the last one shorter) of an unfinished file.';
