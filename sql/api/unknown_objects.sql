-- Objects without a row: their process was taken for dead and died before it could report them, or the
-- database was restored from an older backup.
create function api.unknown_objects(object_keys text[]) returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k from unnest(unknown_objects.object_keys) k
  where not exists (select from vidgen.blob b where b.object_key = k)
    and not exists (select from vidgen.blob_trash t where t.object_key = k)
$$;
comment on function api.unknown_objects is 'Those of the given keys that belong to no file and are not in the trash.';
