-- The wait lasts until the first worker claimed the job, whatever happened next. Cancelled jobs are not
-- counted, because their callers decide when they end.
--
-- Each hour is read by itself, so that "where hour > now() - interval '2 days'" reads two days and not seven,
-- and from the index job_by_end alone. The reasons of failures are read only by queries that select them.
create view admin.throughput as
select h.hour, e.completed, e.failed,
  (select coalesce(jsonb_object_agg(f.error_message, f.jobs order by f.jobs desc), '{}')
    from (
      select j.error_message, count(*) as jobs from vidgen.job j
      where j.finished_at >= h.hour and j.finished_at < h.hour + interval '1 hour' and j.status = 'FAILED'
      group by 1) f) as failures,
  coalesce(round(e.audio_seconds::numeric / 60, 1), 0) as audio_minutes,
  round(e.wait[1]::numeric, 2) as wait_p50, round(e.wait[2]::numeric, 2) as wait_p95,
  round(e.render[1]::numeric, 2) as render_p50, round(e.render[2]::numeric, 2) as render_p95
from generate_series(date_trunc('hour', now()) - interval '7 days', date_trunc('hour', now()), interval '1 hour') h (hour)
cross join lateral (
  select count(*) filter (where j.status = 'COMPLETED') as completed,
    count(*) filter (where j.status = 'FAILED') as failed,
    sum(j.audio_seconds) as audio_seconds,
    percentile_cont(array[0.5, 0.95]) within group (order by j.waited_seconds) as wait,
    percentile_cont(array[0.5, 0.95]) within group (order by j.render_seconds) as render
  from vidgen.job j
  where j.finished_at >= h.hour and j.finished_at < h.hour + interval '1 hour'
    and j.status in ('COMPLETED', 'FAILED')) e
order by h.hour desc;
comment on view admin.throughput is 'Each hour of the last 7 days: jobs completed and failed, why, and seconds of waiting and rendering.';
