-- As admin.throughput, over a whole day: percentiles of hours do not add up to those of a day. Each task is
-- read by itself, so that "where task = 'all'" reads the day once.
create view admin.latency as
select t.task, e.completed, e.failed,
  round(e.wait[1]::numeric, 2) as wait_p50, round(e.wait[2]::numeric, 2) as wait_p95,
  round(e.wait[3]::numeric, 2) as wait_p99,
  round(e.render[1]::numeric, 2) as render_p50, round(e.render[2]::numeric, 2) as render_p95,
  round(e.render[3]::numeric, 2) as render_p99
from (values ('all', null), ('render', false), ('render_moving', true)) t (task, is_moving)
cross join lateral (
  select count(*) filter (where j.status = 'COMPLETED') as completed,
    count(*) filter (where j.status = 'FAILED') as failed,
    percentile_cont(array[0.5, 0.95, 0.99]) within group (order by j.waited_seconds) as wait,
    percentile_cont(array[0.5, 0.95, 0.99]) within group (order by j.render_seconds) as render
  from vidgen.job j
  where j.finished_at > now() - interval '24 hours' and j.status in ('COMPLETED', 'FAILED')
    and (t.is_moving is null or j.is_moving = t.is_moving)) e
order by t.task;
comment on view admin.latency is 'The last 24 hours, all jobs and by task: completed, failed, and percentiles of seconds of waiting and rendering.';
