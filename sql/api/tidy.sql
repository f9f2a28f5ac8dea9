-- Once a minute: what has expired goes, and what the queue forgot is put back.
create function api.tidy() returns void language plpgsql volatile as $$
begin
  delete from vidgen.rate_limit where window_start < now() - interval '2 minutes';
  delete from vidgen.idempotency_key where created_at < now() - interval '24 hours';
  delete from vidgen.webhook_catcher where expires_at <= now();

  -- Rows locked by a pool that no living process has: it died before it could say which pools it runs.
  perform graphile_worker.force_unlock_workers(array(
    select distinct q.locked_by from graphile_worker.jobs q
    where q.locked_at < now() - interval '30 seconds'
      and not exists (select from vidgen.process p where q.locked_by = any (p.queue_pools))));

  -- A job waits and the queue does not know it. Nothing in here can lose a queue row, but a restored
  -- back-up or an operator can.
  perform api.enqueue('render', j.id, j.created_at) from vidgen.job j
    where j.status = 'PENDING'
      and not exists (select from graphile_worker.jobs q where q.key = 'render:' || j.id);
  perform api.enqueue('deliver_webhook', w.job_id, w.next_attempt_at) from vidgen.webhook w
    where w.status = 'pending'
      and not exists (select from graphile_worker.jobs q where q.key = 'deliver_webhook:' || w.job_id);
end $$;
comment on function api.tidy is 'Task tidy: removes what has expired, queues again what was forgotten.';
