-- A worker takes the job. No row: it was cancelled, or another worker has it; nothing is left to do.
-- Every claim raises attempt, and every later write must carry it: that is the fence which keeps out a
-- worker that was taken for dead and woke up again.
create function api.claim_job(job_id text, process_id integer)
returns table (attempt smallint, image_blob_id text, audio_blob_id text, audio_content_type text) language plpgsql volatile as $$
#variable_conflict use_column
declare
  worker text;
begin
  -- The sweep deletes this row first, then frees the jobs: with the lock, none is claimed in between.
  select p.host || ':' || p.pid into worker from vidgen.process p
    where p.id = claim_job.process_id for key share;
  if not found then
    raise sqlstate 'VG409' using detail = 'process_gone',
      message = format('Process %s was taken for dead; it may not claim jobs.', process_id);
  end if;
  update vidgen.job j set
    status = 'PROCESSING', attempt = j.attempt + 1, progress = 0,
    process_id = claim_job.process_id, started_at = clock_timestamp()
  where j.id = claim_job.job_id and j.status = 'PENDING'
  returning j.attempt into attempt;
  if not found then
    return;
  end if;
  insert into vidgen.attempt (job_id, attempt, worker) values (claim_job.job_id, claim_job.attempt, worker);
  select b.id into image_blob_id from vidgen.blob b where b.job_id = claim_job.job_id and b.kind = 'image';
  select b.id, b.content_type into audio_blob_id, audio_content_type
    from vidgen.blob b where b.job_id = claim_job.job_id and b.kind = 'audio';
  return next;
end $$;
comment on function api.claim_job is 'Task render begins: PENDING to PROCESSING. No row when the job is not to be had.';
