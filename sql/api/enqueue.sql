-- One queue row for each job and task, known by its key. Adding it again moves it to the new time; if
-- it is running just now, the running one loses the key and a new row stands beside it.
create function api.enqueue(
  task text,
  job_id text,
  run_at timestamptz,
  key_prefix text default null      -- where several tasks share one row
)
returns void language plpgsql volatile as $$
begin
  -- Under contention for one key add_job can come back with nothing: ask again.
  for i in 1..5 loop
    if (graphile_worker.add_job(
      enqueue.task,
      json_build_object('jobId', enqueue.job_id),
      run_at => enqueue.run_at,
      job_key => coalesce(enqueue.key_prefix, enqueue.task) || ':' || enqueue.job_id,
      -- Our own attempt numbers decide when to stop; the queue's must never give up before them.
      max_attempts => 1000
    )).id is not null then
      return;
    end if;
  end loop;
  -- What belongs to the row is undone with it, so that a job is never there without one.
  raise exception 'The queue did not take % for job %.', enqueue.task, enqueue.job_id;
end $$;
comment on function api.enqueue is 'Puts a task for a job in the queue, in the transaction that calls it.';
