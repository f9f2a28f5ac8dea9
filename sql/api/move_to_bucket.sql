-- The switch: before this call the file is read from its chunks, after it from the bucket. Readers in
-- the middle of the chunks find them gone, look the file up again and continue with the object.
create function api.move_to_bucket(blob_id text, object_key text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  -- Locked, so that the file cannot expire meanwhile and leave an object without an owner.
  perform from vidgen.blob b
    where b.id = move_to_bucket.blob_id and b.size is not null and b.object_key is null for update;
  if not found then return false; end if;
  delete from vidgen.blob_trash t where t.object_key = move_to_bucket.object_key and not t.taken;
  if not found then return false; end if;
  update vidgen.blob b set object_key = move_to_bucket.object_key where b.id = move_to_bucket.blob_id;
  delete from vidgen.blob_chunk c where c.blob_id = move_to_bucket.blob_id;
  return true;
end $$;
comment on function api.move_to_bucket is 'Switches a file to its object in the bucket. False: it is gone or has moved already, and tidy will delete the object.';
