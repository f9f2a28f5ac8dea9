-- Result, state and webhook are written in one transaction, so that none exists without the others. An
-- attempt that was overtaken raises, and its blobs stay orphans for the sweep.
create function api.complete_job(
  job_id text,
  attempt integer,
  video_blob_id text,
  poster_blob_id text,
  audio_seconds double precision,
  render_seconds double precision,
  width integer,
  height integer,
  public_url text,
  facts jsonb default '{}',         -- what the renderer found: input, warnings, checks
  captions_blob_id text default null -- WebVTT, when captions can be switched on and off
) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.job j set
    status = 'COMPLETED', progress = 100, process_id = null, finished_at = clock_timestamp(),
    share_token = vidgen.base64url(substr(vidgen.random_bytes(), 1, 16)),
    audio_seconds = complete_job.audio_seconds, render_seconds = complete_job.render_seconds,
    width = complete_job.width, height = complete_job.height,
    -- The input files are deleted before the job is, but their facts stay.
    facts = complete_job.facts || jsonb_build_object('input', api.job_input(j.id, complete_job.facts))
  where j.id = complete_job.job_id and j.attempt = complete_job.attempt and j.status = 'PROCESSING';
  if not found then
    perform api.raise_overtaken(job_id, attempt);
  end if;
  perform api.attach_blob(video_blob_id, job_id, 'video');
  perform api.attach_blob(poster_blob_id, job_id, 'poster');
  if captions_blob_id is not null then
    perform api.attach_blob(captions_blob_id, job_id, 'captions_vtt');
  end if;
  perform api.end_attempt(job_id, attempt, 'completed');
  perform api.announce_end(job_id, public_url);
end $$;
comment on function api.complete_job is 'Task render succeeds: stores the result and sends the webhook. Raises VG409 when overtaken.';
