-- A batch of objects to delete from the bucket. The rows stay until the objects are gone
-- (api.empty_trash): if a worker dies in between, they are taken again, and deleting twice does no harm.
create function api.take_trash() returns table (object_key text, unfinished boolean)
language sql volatile rows 500 security definer set search_path = pg_catalog, pg_temp as $$
  update vidgen.blob_trash t set taken = true
  where t.object_key in (
    select due.object_key from vidgen.blob_trash due where due.due_at <= clock_timestamp()
      -- Whatever went wrong before, never delete the bytes of an existing file.
      and not exists (select from vidgen.blob b where b.object_key = due.object_key)
    order by due.due_at limit 500 for update skip locked)
  returning t.object_key, t.unfinished
$$;
comment on function api.take_trash is 'Keys of objects to delete, at most 500. No file can take them any more.';
