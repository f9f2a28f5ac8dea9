create function api.add_queue_pool(process_id integer, pool text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update vidgen.process set queue_pools = array_append(array_remove(queue_pools, pool), pool)
  where id = process_id
$$;
comment on function api.add_queue_pool is 'Records that a queue pool runs in a process, so that the sweep can unlock its rows.';
