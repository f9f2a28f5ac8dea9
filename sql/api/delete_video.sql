-- The owner takes the video down: its file, poster and captions go as if its retention had ended, so its
-- addresses and the share link answer that it is gone. The job stays, and so do its inputs until they expire.
-- A second call finds nothing left to do and succeeds.
create function api.delete_video(api_key_id text, job_id text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  job vidgen.job := api.lock_own_job(api_key_id, job_id);
begin
  if job.status <> 'COMPLETED' then
    raise sqlstate 'VG409' using detail = 'no_video',
      message = format('Only a COMPLETED job has a video to delete; this one is %s.', job.status);
  end if;
  update vidgen.job j set media_expired_at = clock_timestamp()
    where j.id = job.id and j.media_expired_at is null;
  delete from vidgen.blob b where b.job_id = job.id and not vidgen.is_input(b.kind);
end $$;
comment on function api.delete_video is 'DELETE /api/jobs/:jobId/video: removes the video of a caller''s own COMPLETED job. Raises VG404, VG409.';
