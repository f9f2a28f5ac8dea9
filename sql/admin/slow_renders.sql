-- Four times the median of the day, and at least 10 s: a video that is encoded frame by frame is compared
-- with others of its kind. A render that hangs appears while it runs.
create view admin.slow_renders as
select j.id, j.status, k.name as api_key, a.worker, round(r.seconds::numeric, 1) as render_seconds,
  round(u.seconds::numeric, 1) as usual_seconds, j.audio_seconds, j.options, j.started_at, j.finished_at
from (values (false), (true)) t (is_moving)
cross join lateral (
  select percentile_cont(0.5) within group (order by j.render_seconds) as seconds from vidgen.job j
  where j.finished_at > now() - interval '24 hours' and j.status = 'COMPLETED' and j.is_moving = t.is_moving) u
cross join lateral (
  select j.id from vidgen.job j
  where j.finished_at > now() - interval '24 hours' and j.status = 'COMPLETED' and j.is_moving = t.is_moving
    and j.render_seconds > greatest(4 * u.seconds, 10)
  union all
  select j.id from vidgen.job j
  where j.status = 'PROCESSING' and j.is_moving = t.is_moving
    and j.started_at < clock_timestamp() - make_interval(secs => greatest(4 * u.seconds, 10))) s
join vidgen.job j on j.id = s.id
cross join lateral (
  select coalesce(j.render_seconds, extract(epoch from clock_timestamp() - j.started_at)) as seconds) r
join vidgen.api_key k on k.id = j.api_key_id
left join vidgen.attempt a on a.job_id = j.id and a.attempt = j.attempt
order by r.seconds desc;
comment on view admin.slow_renders is 'Renders of the last 24 hours, running ones included, that take over four times as long as usual for their kind, slowest first.';
