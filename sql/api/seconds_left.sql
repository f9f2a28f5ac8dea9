-- Estimates how long a job will take: the median of the twenty finished jobs, among the latest 200 of
-- its kind, whose sound is nearest in bytes. (The seconds of sound are unknown until it is read.) The
-- cost of a moving picture grows with its length, so it is a kind of its own. Null while there are fewer
-- than three.
-- While the job waits, the jobs ahead of it are added, shared among the living workers.
create function api.seconds_left(job vidgen.job, ahead bigint) returns integer language sql stable as $$
  with sound as (
    select b.size from vidgen.blob b where b.job_id = job.id and b.kind = 'audio'
  ), recent as (
    select j.render_seconds, (j.facts -> 'input' -> 'audio' ->> 'bytes')::double precision as bytes, j.options
    from vidgen.job j where j.finished_at is not null and j.status = 'COMPLETED'
    order by j.finished_at desc limit 200
  ), near as (
    select r.render_seconds from recent r, sound
    where r.bytes > 0 and api.moves(r.options) = api.moves(job.options)
    order by abs(ln(r.bytes / greatest(sound.size, 1))) limit 20
  ), own as (
    select percentile_cont(0.5) within group (order by render_seconds) as seconds from near having count(*) >= 3
  ), others as (
    select percentile_cont(0.5) within group (order by render_seconds) as seconds from recent
  ), worker as (
    select greatest(count(*), 1) as living from vidgen.process where kind = 'worker'
  )
  select ceil(case job.status
    when 'PROCESSING' then own.seconds * (100 - job.progress) / 100
    when 'PENDING' then own.seconds + ahead * others.seconds / worker.living
  end)::integer
  from own, others, worker
$$;
comment on function api.seconds_left is 'estimatedSecondsLeft of an active job, from finished ones; null when there are too few. Part of job_json.';
