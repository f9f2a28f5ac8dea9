-- As begin_blob, for a file whose bytes go into the bucket. The row comes first: whatever happens to the
-- upload, its key stays known until the object has been deleted.
create function api.begin_object(
  process_id integer, content_type text,
  out id text, out object_key text
)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.blob (process_id, content_type, object_key)
  values (begin_object.process_id, begin_object.content_type, vidgen.new_id())
  returning id, object_key
$$;
comment on function api.begin_object is 'Creates a file in the bucket; returns its id and the key of its object. See finish_object, give_up_object.';
