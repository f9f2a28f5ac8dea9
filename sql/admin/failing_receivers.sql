-- Hosts with messages of the last 7 days that were given up, or that failed at least once and wait.
create view admin.failing_receivers as
select w.host,
  count(*) filter (where w.status = 'pending') as waiting,
  count(*) filter (where w.status = 'abandoned') as abandoned,
  min(w.created_at) as oldest,
  array_agg(distinct k.name) as api_keys,
  (array_agg(coalesce(d.error_message, 'HTTP ' || d.status) order by d.started_at desc nulls last))[1] as last_error,
  max(d.started_at) as last_tried,
  (select max(g.delivered_at) from vidgen.webhook g where g.host = w.host) as last_delivered
from vidgen.webhook w
join vidgen.api_key k on k.id = w.api_key_id
left join lateral (
  select f.error_message, f.status, f.started_at from vidgen.delivery f
  where f.job_id = w.job_id and f.duration_ms is not null order by f.attempt desc limit 1) d on true
where w.created_at > now() - interval '7 days'
  and (w.status = 'abandoned' or (w.status = 'pending' and w.step > 0))
group by w.host
order by count(*) desc;
comment on view admin.failing_receivers is 'Hosts that webhooks do not reach (last 7 days), worst first: how many messages, the last error, the last success.';
