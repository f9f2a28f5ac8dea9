-- Jobs that are being rendered continue, new ones are accepted and wait, and webhooks are delivered.
-- api.claim_job reads the flag, so the pause holds for every worker at once.
create function admin.pause_queue() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into vidgen.queue_pause default values on conflict (one) do nothing;
  select api.audit('pause_queue');
$$;
comment on function admin.pause_queue is 'Starts no more jobs until resume_queue. Does nothing the second time.';
