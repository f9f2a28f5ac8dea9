-- A runner asks for a task, the server locks the row for it, and the answer gets lost with the
-- connection: nobody runs it, and its lock is a living process's. Only that process knows what it runs.
-- The only function that touches a private table of graphile-worker: it can unlock all that a pool holds, and
-- nothing less. An answer that has not come after 10 s never will (src/postgres/impatient_client.ts).
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
comment on function api.unlock_lost_tasks is 'Frees the queue rows that a process holds and does not know of; returns how many.';
