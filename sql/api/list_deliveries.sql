-- The webhook of a job and its latest 100 attempts. A job that has not ended, was cancelled, or has no
-- webhookUrl has none: nulls and an empty list.
create function api.list_deliveries(api_key_id text, job_id text) returns json language sql stable as $$
  select json_build_object(
    'jobId', j.id,
    'webhookUrl', j.webhook_url,
    'webhookId', w.message_id,
    'status', w.status,
    'nextAttemptAt', api.iso8601(w.next_attempt_at),
    'deliveredAt', api.iso8601(w.delivered_at),
    'deliveries', coalesce((
      select json_agg(api.delivery_json(l.d) order by (l.d).attempt desc)
      from (select d from vidgen.delivery d where d.job_id = j.id order by d.attempt desc limit 100) l), '[]'::json))
  from vidgen.job j
  left join vidgen.webhook w on w.job_id = j.id
  where j.id = list_deliveries.job_id and j.api_key_id = list_deliveries.api_key_id
$$;
comment on function api.list_deliveries is 'GET /api/jobs/:jobId/webhooks: how the delivery of one''s own job''s webhook stands; null when there is no such job.';
