-- The switch: before this call the file is read from the bucket, after it from its chunks. The object
-- stays as long as a client may hold an address of it.
create function api.move_to_database(
  blob_id text,
  object_key text                   -- null: of a file that is there already
) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  chunk_bytes constant integer := vidgen.chunk_bytes();
begin
  update vidgen.blob b set object_key = null
    from (
      select count(*) as chunks, coalesce(max(c.n), -1) as last, coalesce(sum(length(c.bytes)), 0) as bytes
      from vidgen.blob_chunk c where c.blob_id = move_to_database.blob_id
    ) stored
    where b.id = move_to_database.blob_id and b.object_key = move_to_database.object_key
      and stored.bytes = b.size
      and stored.chunks = stored.last + 1
      and stored.chunks = (b.size + chunk_bytes - 1) / chunk_bytes;
  if not found then return false; end if;
  insert into vidgen.blob_trash as t (object_key, unfinished, due_at)
    values (move_to_database.object_key, false, clock_timestamp() + interval '1 hour')
    on conflict (object_key) do update set due_at = excluded.due_at, taken = false;
  return true;
end $$;
comment on function api.move_to_database is 'Switches a file to its chunks. False: it is gone or has moved already, or chunks are missing.';
