-- Runs once a minute: removes what has expired and repairs what was forgotten. No function here can lose
-- a queue row or leave a job without a worker, but a restored backup, an operator or a bug can.
create function api.tidy() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from vidgen.idempotency_key where created_at < now() - interval '24 hours';
  delete from vidgen.webhook_catcher where expires_at <= now();

  -- Files that no job will ever take over, although their process lives (the others:
  -- api.discard_orphans). The slowest upload that is allowed takes two hours.
  delete from vidgen.blob b where b.job_id is null and b.created_at < now() - interval '6 hours';

  -- Rows that have had all their tries and have no key: nothing will ever take them.
  perform graphile_worker.complete_jobs(array(
    select q.id from graphile_worker.jobs q
    where q.key is null and q.locked_at is null and q.attempts >= q.max_attempts));

  -- Rows locked by a pool that no living process has.
  perform graphile_worker.force_unlock_workers(array(
    select distinct q.locked_by from graphile_worker.jobs q
    where q.locked_at < now() - interval '30 seconds'
      and not exists (select from vidgen.process p where q.locked_by = any (p.queue_pools))));

  -- While a job is being rendered, its process holds a queue row for it: by its key, or without a key
  -- when the job was queued again meanwhile.
  perform api.release_job(j.id, j.attempt) from vidgen.job j join vidgen.process p on p.id = j.process_id
    where j.status = 'PROCESSING' and j.started_at < now() - interval '1 minute'
      and not exists (select from graphile_worker.jobs q
        where q.locked_by = any (p.queue_pools) and q.task_identifier in ('render', 'render_moving')
          and (q.key is null or q.key = 'render:' || j.id));

  -- The job waits, but the queue has no row for it.
  perform api.enqueue_render(j.id, j.created_at) from vidgen.job j
    where j.status = 'PENDING'
      and not exists (select from graphile_worker.jobs q where q.key = 'render:' || j.id);
  perform api.enqueue('deliver_webhook', w.job_id, w.next_attempt_at) from vidgen.webhook w
    -- Deliveries that are held back are called by the sweep. One that a worker took from the queue
    -- (api.next_in_lane) has no row while it is being sent; with a new one it would be sent twice.
    where w.status = 'pending' and not w.held_back
      and not exists (select from api.under_way() u where u.job_id = w.job_id)
      and not exists (select from graphile_worker.jobs q where q.key = 'deliver_webhook:' || w.job_id);

  -- Last, because requests of a client that returns just now wait for the end of this. Skip locked: a
  -- batch of api.admit that holds one of these rows may be about to lock another.
  delete from vidgen.rate_limit r using (
    select client, policy from vidgen.rate_limit where window_start < now() - interval '2 minutes'
    for update skip locked) old
  where r.client = old.client and r.policy = old.policy;
end $$;
comment on function api.tidy is 'Task tidy: removes what has expired, queues again what was forgotten.';
