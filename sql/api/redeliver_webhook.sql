-- Sends the message of an ended job again, under its old id. A new round of the retry schedule starts at
-- once, whatever became of the earlier ones. An attempt that was already scheduled is moved, not
-- doubled.
create function api.redeliver_webhook(api_key_id text, job_id text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  sent_as text;
  job vidgen.job;
begin
  update vidgen.webhook w set
    status = 'pending', round = w.round + 1, step = 0, next_attempt_at = clock_timestamp(), held_back = false
  from vidgen.job j
  where j.id = w.job_id and w.job_id = redeliver_webhook.job_id and j.api_key_id = redeliver_webhook.api_key_id
  returning w.message_id into sent_as;
  if found then
    perform api.enqueue('deliver_webhook', job_id, clock_timestamp());
    return sent_as;
  end if;

  job := api.lock_own_job(api_key_id, job_id);
  if job.webhook_url is null then
    raise sqlstate 'VG409' using detail = 'no_webhook',
      message = 'This job was submitted without a webhookUrl, so there is nothing to send.';
  elsif job.status = 'CANCELLED' then
    raise sqlstate 'VG409' using detail = 'no_webhook',
      message = 'A cancelled job sends no webhook, so there is nothing to send again.';
  end if;
  raise sqlstate 'VG409' using detail = 'job_not_ended',
    message = format('The webhook is sent when the job has ended; this one is %s.', job.status);
end $$;
comment on function api.redeliver_webhook is 'POST /api/jobs/:jobId/webhooks/redeliver: queues the webhook again; returns its id. Raises VG404, VG409.';
