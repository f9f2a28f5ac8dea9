-- The webhook of a job and its latest 100 attempts. A job that has not ended, was cancelled, or has no
-- webhookUrl gets nulls and an empty list.
create function api.list_deliveries(api_key_id text, job_id text) returns json
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select row_to_json(answer) from (
    select
      j.id as "jobId",
      j.webhook_url as "webhookUrl",
      w.message_id as "webhookId",
      w.status as "status",
      api.iso8601(w.next_attempt_at) as "nextAttemptAt",
      api.iso8601(w.delivered_at) as "deliveredAt",
      array_to_json(array(
        select api.delivery_json(d) from vidgen.delivery d
        where d.job_id = j.id order by d.attempt desc limit 100)) as "deliveries"
    from vidgen.job j
    left join vidgen.webhook w on w.job_id = j.id
    where j.id = list_deliveries.job_id and j.api_key_id = list_deliveries.api_key_id
  ) answer
$$;
comment on function api.list_deliveries is 'GET /api/jobs/:jobId/webhooks: the delivery state of the webhook of a caller''s own job; null when there is no such job.';
