-- The owner decides until when the addresses of the video work: its share page, file, poster and captions, which
-- all contain the same token. A time that has passed ends it at once, a later one or null opens them again. Before
-- the video exists, the time is kept for it.
create function api.update_job(
  api_key_id text,
  job_id text,
  share_expires_at timestamptz      -- null: as long as the video is kept
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  job vidgen.job := api.lock_own_job(api_key_id, job_id);
begin
  if job.status in ('FAILED', 'CANCELLED') then
    raise sqlstate 'VG409' using detail = 'no_video',
      message = format('There is no video to share: this job is %s.', job.status);
  end if;
  update vidgen.job j set share_expires_at = update_job.share_expires_at where j.id = job.id;
end $$;
comment on function api.update_job is 'PATCH /api/jobs/:jobId: when sharing ends. Raises VG404, VG409.';
