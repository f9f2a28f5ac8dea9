-- One queue row per job and task, identified by its key. Adding it again moves it to the new time. If it
-- is running just now, the running row loses the key and a new row stands beside it.
create function api.enqueue(
  task text,
  job_id text,
  run_at timestamptz,
  key_prefix text default null      -- when several tasks share one row
)
returns void language plpgsql volatile as $$
begin
  -- Under contention for one key, add_job can return nothing: ask again.
  for i in 1..5 loop
    if (graphile_worker.add_job(
      enqueue.task,
      json_build_object('jobId', enqueue.job_id),
      run_at => enqueue.run_at,
      job_key => coalesce(enqueue.key_prefix, enqueue.task) || ':' || enqueue.job_id,
      -- Our own attempt numbers decide when to stop, so the queue must never give up first.
      max_attempts => 1000
    )).id is not null then
      return;
    end if;
  end loop;
  -- Raising undoes the rest of the transaction, so no job exists without its queue row.
  raise exception 'The queue did not take % for job %.', enqueue.task, enqueue.job_id;
end $$;
comment on function api.enqueue is 'Queues a task for a job, in the caller''s transaction.';
