-- An attempt that has not ended and whose process is gone died with it.
create function api.delivery_json(delivery vidgen.delivery) returns json language sql stable parallel safe as $$
  select row_to_json(answer) from (
    select
      delivery.attempt as "attempt",
      api.iso8601(delivery.started_at) as "startedAt",
      delivery.duration_ms as "durationMs",
      delivery.status as "responseStatus",
      case when cut_off then 'interrupted' else delivery.error_class end as "errorClass",
      case when cut_off
        then 'The process that sent it ended before the answer was recorded; it is sent again.'
        else delivery.error_message end as "errorMessage",
      delivery.response_head as "responseBody"
    from (
      select delivery.duration_ms is null
        and not exists (select from vidgen.process p where p.id = delivery.process_id) as cut_off) d
  ) answer
$$;
comment on function api.delivery_json is 'An attempt as GET /api/jobs/:jobId/webhooks lists it; no duration while it is under way.';
