-- Processes may not read the schema admin, but they must measure what an operator sees there.
create function api.measure_queue()
returns table (task text, waiting integer, running integer, oldest_seconds double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select q.task, q.waiting::integer, q.running::integer, coalesce(extract(epoch from q.oldest), 0)::double precision
  from admin.queue q
$$;
comment on function api.measure_queue is 'GET /metrics: what waits and runs, by task.';
