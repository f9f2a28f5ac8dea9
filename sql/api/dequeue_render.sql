create function api.dequeue_render(job_id text) returns void language plpgsql volatile as $$
begin
  perform graphile_worker.remove_job('render:' || job_id);
end $$;
comment on function api.dequeue_render is 'Takes a job that will not be rendered out of the queue.';
