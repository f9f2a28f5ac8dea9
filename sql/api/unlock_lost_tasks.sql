-- A runner asks for a task, the server locks the row for it, and the answer is lost with the connection:
-- nothing runs the task, but a living process holds its lock. Only that process knows what it runs.
-- This is the only function that touches a private table of graphile-worker, whose own functions can
-- only unlock everything that a pool holds. An answer that has not come after 10 s never will
-- (src/postgres/impatient_client.ts).
create function api.unlock_lost_tasks(process_id integer, running bigint[]) returns integer
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with freed as (
    update graphile_worker._private_jobs q set locked_at = null, locked_by = null
    from vidgen.process p
    where p.id = unlock_lost_tasks.process_id and q.locked_by = any (p.queue_pools)
      and q.locked_at < clock_timestamp() - interval '10 seconds'
      and q.id <> all (unlock_lost_tasks.running)
    returning 1
  )
  select count(*)::integer from freed
$$;
comment on function api.unlock_lost_tasks is 'Frees queue rows that a process holds without knowing it; returns how many.';
