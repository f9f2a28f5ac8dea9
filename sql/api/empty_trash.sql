create function api.empty_trash(object_keys text[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  -- Keys that were put in the trash again meanwhile stay.
  delete from vidgen.blob_trash where object_key = any (empty_trash.object_keys) and taken
$$;
comment on function api.empty_trash is 'Records that the objects of these keys have been deleted.';
