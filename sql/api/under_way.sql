create function api.under_way() returns table (host text, api_key_id text)
language sql stable as $$
  select w.host, w.api_key_id
  from vidgen.delivery d join vidgen.webhook w on w.job_id = d.job_id
  where d.duration_ms is null and d.started_at > now() - interval '30 seconds' and api.is_under_way(d)
$$;
comment on function api.under_way is 'The deliveries that are being sent now: to which host, and for which key.';
