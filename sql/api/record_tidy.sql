create function api.record_tidy() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.last_tidy (at) values (clock_timestamp()) on conflict (one) do update set at = excluded.at
$$;
comment on function api.record_tidy is 'Task tidy has run to its end.';
