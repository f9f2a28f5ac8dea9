-- The switch: before this call the file is read from the chunks, after it from the bucket. Readers who are
-- in the midst of the chunks find them gone, look again and go on with the object.
create function api.move_to_bucket(blob_id text, object_key text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  -- Locked, so that it cannot expire in the meantime and leave the object to nobody.
  perform from vidgen.blob b
    where b.id = move_to_bucket.blob_id and b.size is not null and b.object_key is null for update;
  if not found then return false; end if;
  delete from vidgen.blob_trash t where t.object_key = move_to_bucket.object_key and not t.taken;
  if not found then return false; end if;
  update vidgen.blob b set object_key = move_to_bucket.object_key where b.id = move_to_bucket.blob_id;
  delete from vidgen.blob_chunk c where c.blob_id = move_to_bucket.blob_id;
  return true;
end $$;
comment on function api.move_to_bucket is 'Switches a file to its object in the bucket. False: it has gone or moved already, the object is left to tidy.';
