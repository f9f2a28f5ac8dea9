-- The only function that knows which task renders a job. A moving picture has its own slots
-- (render_moving), so that no other job waits an hour behind it. Files given by address are fetched
-- first, in slots of their own too: a slow server must not keep a renderer idle. All these tasks use the
-- same key, so a search for a job in the queue need not know which it is.
create function api.enqueue_render(job_id text, run_at timestamptz default clock_timestamp())
returns void language sql volatile as $$
  select api.enqueue(
    case when api.to_fetch(j.id) then 'fetch_input' when j.is_moving then 'render_moving' else 'render' end,
    j.id, enqueue_render.run_at, 'render')
  from vidgen.job j where j.id = enqueue_render.job_id
$$;
comment on function api.enqueue_render is 'Queues a job to be rendered, or first its files to be fetched, in the caller''s transaction.';
