-- The video is there: result, state and webhook in one transaction, so that none is ever without the
-- others. A fenced-out attempt raises, and its blobs stay orphans for the sweep.
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
  facts jsonb default '{}',         -- what the renderer saw: input, warnings, checks
  captions_blob_id text default null -- WebVTT, where captions can be switched on and off
) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.job j set
    status = 'COMPLETED', progress = 100, process_id = null, finished_at = clock_timestamp(),
    share_token = vidgen.base64url(substr(vidgen.random_bytes(), 1, 16)),
    audio_seconds = complete_job.audio_seconds, render_seconds = complete_job.render_seconds,
    width = complete_job.width, height = complete_job.height,
    -- The files of the inputs go before the job does; what they were stays.
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
comment on function api.complete_job is 'Task render ends well: stores the result and sends the webhook. Raises VG409 when overtaken.';
