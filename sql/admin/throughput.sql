-- The wait lasts until the first worker claimed the job, whatever happened next. Cancelled jobs are not
-- counted, because their callers decide when they end.
--
-- Each hour is read by itself, so that "where hour > now() - interval '2 days'" reads two days and not seven.
create view admin.throughput as
select h.hour, e.completed, e.failed,
  (select coalesce(jsonb_object_agg(f.message, f.jobs order by f.jobs desc), '{}')
    from (select message, count(*) as jobs from unnest(e.messages) message group by 1) f) as failures,
  e.audio_minutes, e.wait_p50, e.wait_p95, e.render_p50, e.render_p95
from generate_series(date_trunc('hour', now()) - interval '7 days', date_trunc('hour', now()), interval '1 hour') h (hour)
cross join lateral (
  select count(*) filter (where j.status = 'COMPLETED') as completed,
    count(*) filter (where j.status = 'FAILED') as failed,
    array_agg(j.error_message) filter (where j.status = 'FAILED') as messages,
    coalesce(round(sum(j.audio_seconds)::numeric / 60, 1), 0) as audio_minutes,
    round(percentile_cont(0.5) within group (order by w.seconds)::numeric, 2) as wait_p50,
    round(percentile_cont(0.95) within group (order by w.seconds)::numeric, 2) as wait_p95,
    round(percentile_cont(0.5) within group (order by j.render_seconds)::numeric, 2) as render_p50,
    round(percentile_cont(0.95) within group (order by j.render_seconds)::numeric, 2) as render_p95
  from vidgen.job j
  cross join lateral (
    -- The first attempt of nearly every job is its only one.
    select extract(epoch from case when j.attempt = 1 then j.started_at
      else (select a.started_at from vidgen.attempt a where a.job_id = j.id and a.attempt = 1) end
      - j.created_at) as seconds) w
  where j.finished_at >= h.hour and j.finished_at < h.hour + interval '1 hour'
    and j.status in ('COMPLETED', 'FAILED')) e
order by h.hour desc;
comment on view admin.throughput is 'Each hour of the last 7 days: jobs completed and failed, why, and seconds of waiting and rendering.';
