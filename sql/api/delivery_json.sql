-- An attempt that has no end, and whose process is no more, died with it.
create function api.delivery_json(delivery vidgen.delivery) returns json language sql stable parallel safe as $$
  select json_build_object(
    'attempt', delivery.attempt,
    'startedAt', api.iso8601(delivery.started_at),
    'durationMs', delivery.duration_ms,
    'responseStatus', delivery.status,
    'errorClass', case when cut_off then 'interrupted' else delivery.error_class end,
    'errorMessage', case when cut_off
      then 'The process that sent it ended before the answer was recorded; it is sent again.'
      else delivery.error_message end,
    'responseBody', delivery.response_head
  )
  from (
    select delivery.duration_ms is null
      and not exists (select from vidgen.process p where p.id = delivery.process_id) as cut_off) d
$$;
comment on function api.delivery_json is 'An attempt as GET /api/jobs/:jobId/webhooks lists it; no duration while it is under way.';
