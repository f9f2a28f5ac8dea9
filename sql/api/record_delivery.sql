-- An attempt has ended: its outcome, and what follows from it. The queue's own retries are not used,
-- because their back-off is fixed and forgets the reason.
-- An attempt decides only within its own round of the schedule: when a redelivery was requested
-- meanwhile, that one is still to be sent and continues from there. Within its round a success ends
-- everything, and a failure counts only for the latest attempt (a worker that was taken for dead and
-- woke up has an older one).
create function api.record_delivery(
  job_id text,
  attempt integer,
  duration_ms integer,
  status integer,                   -- null: there was no answer
  error_class text,                 -- null: delivered
  error_message text,               -- null: delivered
  response_head text,
  retry_in_seconds double precision -- null: this was the last attempt
) returns boolean language plpgsql volatile as $$
#variable_conflict use_column
declare
  next_at constant timestamptz := clock_timestamp() + make_interval(secs => retry_in_seconds);
  ended vidgen.delivery;
begin
  update vidgen.delivery d set
    duration_ms = record_delivery.duration_ms, status = record_delivery.status,
    error_class = record_delivery.error_class, error_message = record_delivery.error_message,
    -- Only of failures, as the table says.
    response_head = case when record_delivery.error_class is not null then record_delivery.response_head end
  where d.job_id = record_delivery.job_id and d.attempt = record_delivery.attempt and d.duration_ms is null
  returning d.* into ended;
  -- Recorded before: only the answer to that call was lost.
  if found and error_class is null then
    update vidgen.webhook w set
      status = 'delivered', step = w.step + 1, delivered_at = clock_timestamp(),
      next_attempt_at = null, held_back = false
    where w.job_id = record_delivery.job_id and w.round = ended.round and w.status = 'pending';
    -- A locked row is this very attempt's and goes by itself.
    if found then
      perform graphile_worker.remove_job(q.key) from graphile_worker.jobs q
        where q.key = 'deliver_webhook:' || record_delivery.job_id and q.locked_at is null;
    end if;
  elsif found then
    update vidgen.webhook w set
      status = case when next_at is null then 'abandoned' else 'pending' end, step = w.step + 1,
      next_attempt_at = next_at, held_back = false
    where w.job_id = record_delivery.job_id and w.round = ended.round and w.status = 'pending'
      and w.attempts = ended.attempt;
    if found and next_at is not null then
      perform api.enqueue('deliver_webhook', job_id, next_at);
    end if;
  end if;
  return ended.job_id is not null;
end $$;
comment on function api.record_delivery is 'Logs how an attempt ended, then delivered, abandoned, or queued again; false when that was recorded before. Part of end_delivery.';
