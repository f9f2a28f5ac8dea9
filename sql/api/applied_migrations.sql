create function api.applied_migrations() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select name from vidgen.migration where name <> 'routines'
$$;
comment on function api.applied_migrations is 'The files of sql/migrations that this database has.';
