-- The one place that knows which task makes the video of a job.
create function api.enqueue_render(job_id text, run_at timestamptz default clock_timestamp())
returns void language sql volatile as $$
  select api.enqueue('render', job_id, run_at)
$$;
comment on function api.enqueue_render is 'Puts a job in the queue to be rendered, in the transaction that calls it.';
