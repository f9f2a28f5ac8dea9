create function api.rest(process_id integer, resting boolean) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update vidgen.process p set resting_since = case when resting then coalesce(p.resting_since, clock_timestamp()) end
  where p.id = rest.process_id
$$;
comment on function api.rest is 'Notes that a worker takes no jobs because its machine cannot render, or that it does again.';
