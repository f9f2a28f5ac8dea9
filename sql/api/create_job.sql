-- Creates the job, gives it its files and queues it, all or nothing. Whatever races, the index
-- job_one_active_per_key keeps one active job per key.
create function api.create_job(
  api_key_id text,
  image_blob_id text default null,
  audio_blob_id text default null,
  webhook_url text default null,
  idempotency_key text default null,
  options jsonb default '{}',       -- only what was given
  metadata jsonb default null,
  captions_blob_id text default null,
  needs_renderer integer default 0,
  fingerprint bytea default null,   -- of everything that was sent; a repetition must match it
  sources jsonb default '{}',       -- addresses by kind, in place of blobs
  out job_id text,
  out replayed boolean
) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  new_job_id text := vidgen.new_id();
  active_job_id text;
  arrived_at timestamptz;           -- its place in the queue, even when it returns there
begin
  -- The key may have been deactivated while the files came in. The lock prevents it from now on. FOR KEY
  -- SHARE would not, because deactivated_at is in no unique index.
  perform from vidgen.api_key k
    where k.id = create_job.api_key_id and k.deactivated_at is null for share;
  if not found then
    raise sqlstate 'VG401' using detail = 'api_key_unknown',
      message = 'API key not recognized or deactivated. Check the X-API-Key header.';
  end if;

  -- This comes first, so that of two submissions with one Idempotency-Key the later one waits here for
  -- the earlier and then becomes its replay, not its 409.
  if idempotency_key is not null then
    insert into vidgen.idempotency_key as i (api_key_id, key, job_id, fingerprint)
    values (create_job.api_key_id, create_job.idempotency_key, new_job_id, create_job.fingerprint)
    on conflict (api_key_id, key) do update
      set job_id = excluded.job_id, fingerprint = excluded.fingerprint, created_at = now()
      where i.created_at <= now() - interval '24 hours';
    if not found then
      job_id := api.replay_job(create_job.api_key_id, create_job.idempotency_key, create_job.fingerprint);
      replayed := true;
      return;
    end if;
  end if;

  loop
    insert into vidgen.job (id, api_key_id, webhook_url, options, metadata, needs_renderer)
    values (new_job_id, create_job.api_key_id, create_job.webhook_url,
      create_job.options, create_job.metadata, create_job.needs_renderer)
    on conflict (api_key_id) where status in ('PENDING', 'PROCESSING') do nothing
    returning created_at into arrived_at;
    exit when found;
    select j.id into active_job_id from vidgen.job j
      where j.api_key_id = create_job.api_key_id and j.status in ('PENDING', 'PROCESSING');
    -- Not found: that job ended between the two statements, so there is room now.
    if found then
      perform api.raise_active_job(active_job_id);
    end if;
  end loop;

  insert into vidgen.source (job_id, kind, url)
  select new_job_id, s.key, s.value from jsonb_each_text(sources) s;
  if not sources ? 'image' then
    perform api.attach_blob(image_blob_id, new_job_id, 'image');
  end if;
  if not sources ? 'audio' then
    perform api.attach_blob(audio_blob_id, new_job_id, 'audio');
  end if;
  if captions_blob_id is not null then
    perform api.attach_blob(captions_blob_id, new_job_id, 'captions');
  end if;
  perform api.enqueue_render(new_job_id, arrived_at);
  job_id := new_job_id;
  replayed := false;
end $$;
comment on function api.create_job is 'POST /api/jobs: creates a PENDING job from uploaded blobs, or from addresses to fetch, and queues it. Raises VG409 when the key is busy.';
