-- The complete object is in the bucket. From here on a job may take the file over.
create function api.finish_object(blob_id text, size bigint, sha256 bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.blob b set size = finish_object.size, sha256 = finish_object.sha256
    where b.id = finish_object.blob_id and b.size is null and b.object_key is not null;
  if not found then
    -- Its process was taken for dead, and the sweep removed the file.
    perform api.raise_upload_lost();
  end if;
end $$;
comment on function api.finish_object is 'Declares a file in the bucket complete. Raises VG500 upload_lost when it is gone.';
