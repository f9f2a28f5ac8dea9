-- Estimates how long a job will still take: the median of the finished jobs, among the latest 200 of its lane,
-- whose sound is nearest in bytes. (The seconds of sound are unknown until it is read, and other types have
-- other bytes for a second, so another type counts as far away.) They are the three nearest, and up to twenty
-- that are about as long. Null while there are fewer than three.
-- While the job waits, the jobs of its lane ahead of it are added, shared among the slots of the living workers.
-- These are estimated together when their sounds are about as long, so that a long queue costs no more.
create function api.seconds_left(job vidgen.job) returns integer language sql stable as $$
  with recent as (
    select extract(epoch from j.finished_at - j.started_at) as seconds,
      ln(greatest((j.facts -> 'input' -> 'audio' ->> 'bytes')::float8, 1)) as size,
      j.facts -> 'input' -> 'audio' ->> 'type' as type
    from vidgen.job j
    where j.finished_at is not null and j.status = 'COMPLETED' and j.is_moving = job.is_moving
    order by j.finished_at desc limit 200
  ), own as (
    select ln(greatest(b.size, 1)::float8) as size, b.content_type as type
    from vidgen.blob b where b.job_id = job.id and b.kind = 'audio'
  ), before as (
    -- Steps of size of a fifth. Files that have not been fetched yet count as the job's own.
    select coalesce(round(5 * ln(greatest(b.size, 1)::float8)) / 5, own.size) as size,
      coalesce(b.content_type, own.type) as type, sum(100 - j.progress) / 100.0 as jobs
    from own, vidgen.job j left join vidgen.blob b on b.job_id = j.id and b.kind = 'audio'
    where job.status = 'PENDING' and j.status in ('PENDING', 'PROCESSING') and j.is_moving = job.is_moving
      and (j.status = 'PROCESSING' or j.created_at < job.created_at)
    group by 1, 2
  ), expected as (
    select kind.size, kind.type, (
      select percentile_cont(0.5) within group (order by near.seconds) from (
        select r.seconds, r.far, row_number() over (order by r.far) as rank from (
          select r.seconds, abs(r.size - kind.size) + case when r.type is distinct from kind.type then 1 else 0 end as far
          from recent r order by far limit 20
        ) r
      ) near where near.rank <= 3 or near.far < 0.3
    ) as seconds
    from (select size, type from own union select size, type from before) kind
  ), waits as (
    select coalesce(sum(before.jobs * expected.seconds), 0) as seconds from before join expected using (size, type)
  ), lane as (
    select greatest(sum(case when job.is_moving then p.moving_slots else p.slots end), 1) as slots
    from vidgen.process p where p.kind = 'worker' and p.resting_since is null
  )
  select ceil(case job.status
    when 'PROCESSING' then expected.seconds * (100 - job.progress) / 100
    when 'PENDING' then expected.seconds + waits.seconds / lane.slots
  end)::integer
  from own join expected using (size, type), waits, lane
  where (select count(*) from recent) >= 3
$$;
comment on function api.seconds_left is 'estimatedSecondsLeft of an active job, from finished ones; null when there are too few. Part of job_json.';
