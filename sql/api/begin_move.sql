-- A key for the object of a file that is to move into the bucket. The key is in the trash from the
-- start, due in a day: if the move comes to nothing, tidy deletes whatever there is of the object.
create function api.begin_move() returns text
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.blob_trash (object_key, unfinished, due_at)
  values (vidgen.new_id(), true, clock_timestamp() + interval '1 day')
  returning object_key
$$;
comment on function api.begin_move is 'A new object key for a file that moves into the bucket; see move_to_bucket.';
