-- As admin.throughput, over a whole day: percentiles of hours do not add up to those of a day.
create view admin.latency as
select coalesce(t.task, 'all') as task,
  count(*) filter (where t.status = 'COMPLETED') as completed,
  count(*) filter (where t.status = 'FAILED') as failed,
  round(percentile_cont(0.5) within group (order by t.wait_seconds)::numeric, 2) as wait_p50,
  round(percentile_cont(0.95) within group (order by t.wait_seconds)::numeric, 2) as wait_p95,
  round(percentile_cont(0.99) within group (order by t.wait_seconds)::numeric, 2) as wait_p99,
  round(percentile_cont(0.5) within group (order by t.render_seconds)::numeric, 2) as render_p50,
  round(percentile_cont(0.95) within group (order by t.render_seconds)::numeric, 2) as render_p95,
  round(percentile_cont(0.99) within group (order by t.render_seconds)::numeric, 2) as render_p99
from (
  select case when j.is_moving then 'render_moving' else 'render' end as task, j.status, j.render_seconds,
    extract(epoch from case when j.attempt = 1 then j.started_at
      else (select a.started_at from vidgen.attempt a where a.job_id = j.id and a.attempt = 1) end
      - j.created_at) as wait_seconds
  from vidgen.job j
  where j.finished_at > now() - interval '24 hours' and j.status in ('COMPLETED', 'FAILED')) t
group by grouping sets ((), (t.task))
order by 1;
comment on view admin.latency is 'The last 24 hours, all jobs and by task: completed, failed, and percentiles of seconds of waiting and rendering.';
