-- The wait lasts until the first worker claimed the job, whatever happened next. Cancelled jobs are not
-- counted, because their callers decide when they end.
create view admin.throughput as
with ended as (
  select date_trunc('hour', j.finished_at) as hour, j.status, j.error_message, j.render_seconds,
    j.audio_seconds, extract(epoch from a.started_at - j.created_at) as wait_seconds
  from vidgen.job j
  left join vidgen.attempt a on a.job_id = j.id and a.attempt = 1
  where j.finished_at > date_trunc('hour', now()) - interval '7 days' and j.status in ('COMPLETED', 'FAILED')
), reasons as (
  select f.hour, jsonb_object_agg(f.error_message, f.jobs order by f.jobs desc) as failures
  from (select hour, error_message, count(*) as jobs from ended where status = 'FAILED' group by 1, 2) f
  group by f.hour
)
select e.hour, count(*) filter (where e.status = 'COMPLETED') as completed,
  count(*) filter (where e.status = 'FAILED') as failed,
  coalesce(r.failures, '{}') as failures,
  round(sum(e.audio_seconds)::numeric / 60, 1) as audio_minutes,
  round(percentile_cont(0.5) within group (order by e.wait_seconds)::numeric, 2) as wait_p50,
  round(percentile_cont(0.95) within group (order by e.wait_seconds)::numeric, 2) as wait_p95,
  round(percentile_cont(0.5) within group (order by e.render_seconds)::numeric, 2) as render_p50,
  round(percentile_cont(0.95) within group (order by e.render_seconds)::numeric, 2) as render_p95
from ended e
left join reasons r on r.hour = e.hour
group by e.hour, r.failures
order by e.hour desc;
comment on view admin.throughput is 'Each hour of the last 7 days: jobs completed and failed, why, and seconds of waiting and rendering.';
