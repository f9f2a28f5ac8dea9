-- Jobs that are being rendered go on, new ones are accepted and wait, webhooks are delivered. The flag is
-- read by api.claim_job, so it holds for every worker at once.
create function admin.pause_queue() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.queue_pause default values on conflict (one) do nothing
$$;
comment on function admin.pause_queue is 'No job is begun from now on, until resume_queue. Twice does nothing.';
