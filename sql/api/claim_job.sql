-- A worker takes the job. No row means that nothing is left to do: the job was cancelled, or another
-- worker has it or should have it. Every claim increments attempt, and every later write must carry it:
-- that is the fence against a worker that was taken for dead and woke up again.
-- A process may claim again a job that it already holds, which is how it repeats a claim whose answer
-- was lost.
create function api.claim_job(
  job_id text,
  process_id integer,
  is_alone boolean default false,
  renderer integer default 0        -- what the worker knows: src/video_options.ts
) returns table (
  attempt integer,                  -- null: the job must wait until it is alone in its process
  image_blob_id text, image_content_type text, audio_blob_id text, audio_content_type text,
  waited_seconds double precision,  -- from the job's creation to its first claim
  options jsonb, captions_blob_id text,
  max_audio_minutes integer,        -- of the key; null: as the service says
  api_key_name text                 -- for the log
) language plpgsql volatile rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  label text;
begin
  -- The sweep deletes this row first, then frees the jobs. With the lock, no job is claimed in between.
  select p.host || ':' || p.pid into label from vidgen.process p
    where p.id = claim_job.process_id for key share;
  if not found then
    raise sqlstate 'VG409' using detail = 'process_gone',
      message = format('Process %s was taken for dead; it may not claim jobs.', process_id);
  end if;

  -- During a pause the job stays PENDING and leaves the queue; admin.resume_queue puts it back. The lock
  -- waits for a resume under way, which may already have looked at the waiting jobs.
  perform from vidgen.queue_pause for share;
  if found then
    return;
  end if;

  -- A file is missing after all.
  if api.to_fetch(job_id) then
    perform api.enqueue_render(j.id) from vidgen.job j where j.id = claim_job.job_id and j.status = 'PENDING';
    return;
  end if;

  -- A machine that failed at this job leaves it to one that has not. A full disk makes a worker idle
  -- again quickly, and it would get the job all three times.
  if exists (select from vidgen.attempt a
      where a.job_id = claim_job.job_id and a.outcome = 'machine failed' and a.process_id = claim_job.process_id)
    and api.has_fresh_worker(job_id)
    and exists (select from vidgen.job j where j.id = claim_job.job_id and j.status = 'PENDING')
  then
    perform api.enqueue_render(job_id, clock_timestamp() + interval '2 seconds');
    return;
  end if;

  -- During a deployment, a worker of the previous release would ignore options that it does not know.
  -- The job waits in the queue for a worker that knows them.
  if exists (select from vidgen.job j
    where j.id = claim_job.job_id and j.status = 'PENDING' and j.needs_renderer > claim_job.renderer)
  then
    perform api.enqueue_render(job_id, clock_timestamp() + interval '2 seconds');
    return;
  end if;

  -- A job during which a worker died may have killed it. Until that is known, the job runs alone, or the
  -- jobs that ran beside it each time would be given up because of it.
  if not is_alone and exists (select from vidgen.attempt a
    where a.job_id = claim_job.job_id and a.outcome = 'worker died')
  then
    -- Nothing is set yet, so this is a row of nulls.
    return next;
    return;
  end if;

  update vidgen.job j set
    status = 'PROCESSING', attempt = j.attempt + 1, progress = 0,
    process_id = claim_job.process_id, started_at = clock_timestamp(),
    waited_seconds = coalesce(j.waited_seconds, extract(epoch from clock_timestamp() - j.created_at))
  where j.id = claim_job.job_id
    and (j.status = 'PENDING' or (j.status = 'PROCESSING' and j.process_id = claim_job.process_id))
  returning j.attempt, j.waited_seconds, j.options
    into attempt, waited_seconds, options;
  if not found then
    return;
  end if;
  update vidgen.attempt a set ended_at = clock_timestamp(), outcome = 'released',
    detail = 'the answer to the claim was lost'
  where a.job_id = claim_job.job_id and a.ended_at is null;
  insert into vidgen.attempt (job_id, attempt, process_id, worker)
  values (claim_job.job_id, claim_job.attempt, claim_job.process_id, label);
  -- One of each kind at most: max is it.
  select max(b.id) filter (where b.kind = 'image'), max(b.content_type) filter (where b.kind = 'image'),
    max(b.id) filter (where b.kind = 'audio'), max(b.content_type) filter (where b.kind = 'audio'),
    max(b.id) filter (where b.kind = 'captions')
    into image_blob_id, image_content_type, audio_blob_id, audio_content_type, captions_blob_id
  from vidgen.blob b where b.job_id = claim_job.job_id;
  select k.max_audio_minutes, k.name into max_audio_minutes, api_key_name
    from vidgen.job j join vidgen.api_key k on k.id = j.api_key_id where j.id = claim_job.job_id;
  return next;
end $$;
comment on function api.claim_job is 'Task render starts: PENDING to PROCESSING. No row when the job is not available.';
