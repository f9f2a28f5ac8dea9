-- The one place that knows which task makes the video of a job. What moves has slots of its own
-- (render_moving), so that no other job waits behind an hour of it. The key is the same for both: whoever
-- looks for a job in the queue need not know which it is.
create function api.enqueue_render(job_id text, run_at timestamptz default clock_timestamp())
returns void language sql volatile as $$
  select api.enqueue(case when j.is_moving then 'render_moving' else 'render' end,
    j.id, enqueue_render.run_at, 'render')
  from vidgen.job j where j.id = enqueue_render.job_id
$$;
comment on function api.enqueue_render is 'Puts a job in the queue to be rendered, in the transaction that calls it.';
