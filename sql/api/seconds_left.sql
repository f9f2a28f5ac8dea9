-- How long a job will take by what others took: the median of the twenty finished ones, among the latest 200
-- of its kind, whose sound came nearest in bytes. (Seconds of sound are not known before it is read.) A moving
-- picture costs by its length, so it is a kind of its own. Null while fewer than three are there to go by.
-- While it waits, those before it come on top, shared by the workers that live.
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
comment on function api.seconds_left is 'estimatedSecondsLeft of an active job, by the finished ones; null when there are too few. Part of job_json.';
