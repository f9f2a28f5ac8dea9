-- One attempt is over: its row, and what follows from it. The queue's own retries are not used: its
-- back-off is fixed and forgets the reason.
create function api.record_delivery(
  job_id text,
  attempt integer,
  started_at timestamptz,
  duration_ms integer,
  status integer,
  error_class text,                 -- null: delivered
  error_message text,
  response_head text,
  retry_in_seconds double precision -- null: this was the last attempt
) returns void language plpgsql volatile as $$
#variable_conflict use_column
declare
  next_at timestamptz := clock_timestamp() + make_interval(secs => retry_in_seconds);
begin
  -- Two attempts at once (a worker taken for dead woke up): the second one's record is dropped, the
  -- first one's stands.
  update vidgen.webhook w set
    attempts = record_delivery.attempt,
    step = w.step + 1,
    status = case when error_class is null then 'delivered' when next_at is null then 'abandoned' else 'pending' end,
    delivered_at = case when error_class is null then clock_timestamp() else w.delivered_at end,
    next_attempt_at = case when error_class is not null then next_at end
  where w.job_id = record_delivery.job_id and w.status = 'pending' and w.attempts = record_delivery.attempt - 1;
  if not found then
    return;
  end if;
  insert into vidgen.delivery
    (job_id, attempt, started_at, duration_ms, status, error_class, error_message, response_head)
  values (record_delivery.job_id, record_delivery.attempt, record_delivery.started_at,
    record_delivery.duration_ms, record_delivery.status, record_delivery.error_class,
    record_delivery.error_message, record_delivery.response_head);
  if error_class is not null and next_at is not null then
    perform api.enqueue('deliver_webhook', job_id, next_at);
  end if;
end $$;
comment on function api.record_delivery is 'Task deliver_webhook ends: logs the attempt, then delivered, abandoned, or queued again.';
