-- The tables and their rules. The functions that processes and operators call live in sql/api and
-- sql/admin, and every migration reloads them. Since version 1.0.0 nothing here is edited: changes are
-- new migrations.
-- There are three schemas: vidgen holds the facts, the HTTP layer and the workers call api, and
-- operators call admin from psql. The migrator creates the schemas themselves.

----------------------------------------------------------------------------------------------- ids

-- c + 10 characters of time (microseconds, base 36, good until 2085) + 14 random characters (72 bits).
-- An id made later sorts later, so an id is also a page cursor. Nobody can guess one. The function lives
-- in this schema, not in api, because column defaults depend on it.
create function vidgen.new_id() returns text
language plpgsql volatile parallel safe as $$
declare
  digits constant text := '0123456789abcdefghijklmnopqrstuvwxyz';
  micros bigint := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
  noise bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  stamp text := '';
  tail text := '';
  place int := 0;
begin
  for i in 1..10 loop
    stamp := substr(digits, (micros % 36)::int + 1, 1) || stamp;
    micros := micros / 36;
  end loop;
  -- A byte of 252 or more would make the first four digits likelier than the rest, so it is skipped.
  -- Bytes 6 and 8 of a UUID carry its version and variant and are not random.
  while length(tail) < 14 loop
    if place >= 32 then
      noise := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
      place := 0;
    end if;
    if place % 16 not in (6, 8) and get_byte(noise, place) < 252 then
      tail := tail || substr(digits, get_byte(noise, place) % 36 + 1, 1);
    end if;
    place := place + 1;
  end loop;
  return 'c' || stamp || tail;
end $$;
comment on function vidgen.new_id() is 'A new id: c + 24 of [a-z0-9], time-ordered, unguessable.';

-- 256 bits from three UUIDs, each with 122 random bits, without an extension.
create function vidgen.random_bytes() returns bytea
language sql volatile parallel safe as $$
  select sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;
comment on function vidgen.random_bytes() is '32 random bytes, for keys and secrets.';

-- Base64 for URLs: no +, / or =.
create function vidgen.base64url(bytes bytea) returns text
language sql immutable parallel safe as $$
  select rtrim(translate(encode(bytes, 'base64'), E'+/\n', '-_'), '=')
$$;

-- An object of strings and numbers, written without spaces, as row_to_json does.
create function vidgen.flat_json(object jsonb) returns json language sql immutable parallel safe as $$
  select ('{' || coalesce(string_agg(to_json(key) || ':' || value, ',' order by place), '') || '}')::json
  from jsonb_each(object) with ordinality as member (key, value, place)
$$;
comment on function vidgen.flat_json is 'A flat jsonb object as compact json.';

----------------------------------------------------------------------------------------------- keys

create table vidgen.api_key (
  id text not null default vidgen.new_id(),
  name text not null,
  key_sha256 bytea not null,
  key_prefix text not null,
  webhook_secret text,
  previous_webhook_secret text,
  previous_webhook_secret_until timestamptz,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  deactivated_at timestamptz,
  max_stored_bytes bigint,
  max_file_mb integer,
  max_audio_minutes integer,
  constraint api_key_pkey primary key (id),
  -- Operators name keys on the command line, so a name must mean one key.
  constraint api_key_name_unique unique (name),
  constraint api_key_name_length check (length(name) between 1 and 100),
  -- The key itself is never stored. It has 256 random bits, so a plain hash is enough. A salted hash
  -- could not be looked up.
  constraint api_key_sha256_unique unique (key_sha256),
  constraint api_key_sha256_length check (length(key_sha256) = 32),
  -- An old secret must expire, or receivers would trust a leaked one forever.
  constraint api_key_previous_secret_ends
    check ((previous_webhook_secret is null) = (previous_webhook_secret_until is null)),
  -- Whatever was in a row stays on the disk and in the log for a while. So no secret gets here in plain text.
  constraint api_key_secrets_sealed
    check (starts_with(webhook_secret, 'sealed:') and coalesce(starts_with(previous_webhook_secret, 'sealed:'), true)),
  -- Limits of this key. JSON and JavaScript count to 2^53 exactly.
  constraint api_key_max_stored_bytes_range check (max_stored_bytes between 1 and 9007199254740991),
  -- As MAX_FILE_MB: what is larger does not fit the times that uploads and fetches may take.
  constraint api_key_max_file_mb_range check (max_file_mb between 1 and 2048),
  -- A day: a render has twelve hours at most.
  constraint api_key_max_audio_minutes_range check (max_audio_minutes between 1 and 1440)
);
comment on table vidgen.api_key is 'The clients of the API: the hash of each key, and the secret that signs its webhooks.';
comment on column vidgen.api_key.webhook_secret is
  'Sealed before it gets here (AES-256-GCM, SECRETS_KEY) as sealed:KEY:…. Null until a worker has made one, if the key was created from psql.';
comment on column vidgen.api_key.max_stored_bytes is 'Null, as with the two below: the limit of the service (MAX_STORED_BYTES_PER_KEY).';
comment on column vidgen.api_key.max_file_mb is 'Of a picture or audio file, in MiB; null: MAX_FILE_MB.';
comment on column vidgen.api_key.max_audio_minutes is 'Null: MAX_AUDIO_MINUTES.';
comment on column vidgen.api_key.key_prefix is 'The first characters of the key, enough to tell keys apart but not to use one.';
comment on column vidgen.api_key.last_used_at is 'Rounded to the minute: a write for every request would make this row hot.';

---------------------------------------------------------------------------------------------- limits

-- One row per client and policy, reused for each window. UNLOGGED allows ten times the writes per
-- second, and a crash that empties the table only forgives one minute. Fillfactor 70 and no other index
-- keep every update on its page (HOT).
create unlogged table vidgen.rate_limit (
  client text not null,
  policy text not null,
  window_start timestamptz not null,
  hits integer not null,
  constraint rate_limit_pkey primary key (client, policy),
  constraint rate_limit_policy_known
    check (policy in ('requests', 'submissions', 'redeliveries', 'public', 'passwords'))
) with (fillfactor = 70);
comment on table vidgen.rate_limit is 'Hits of a client (IPv4 address or IPv6 /56) in its current one-minute window.';

------------------------------------------------------------------------------------------- processes

-- One row for each living API or worker process. The process also holds the session advisory lock
-- (vidgen.lease_class(), id) on a connection of its own. Postgres frees the lock the moment the process
-- dies; a missing beat reveals a process that hangs. See api.sweep.
create table vidgen.process (
  id integer generated always as identity,
  kind text not null,
  host text not null,
  pid integer not null,
  queue_pools text[] not null default '{}',
  version text,
  slots integer,
  moving_slots integer,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default clock_timestamp(),
  resting_since timestamptz,
  constraint process_pkey primary key (id),
  constraint process_kind_known check (kind in ('web', 'worker'))
) with (fillfactor = 50);
comment on table vidgen.process is 'Living API and worker processes; api.sweep removes the dead ones and frees their work.';
comment on column vidgen.process.resting_since is 'A worker whose machine cannot render, because its disk is full for example, takes no jobs since then.';
comment on column vidgen.process.queue_pools is 'Ids of the graphile-worker pools in this process, which lock its queue rows.';
comment on column vidgen.process.version is 'For operators, as the next two; null: a release that did not say.';
comment on column vidgen.process.slots is 'Jobs that a worker renders at a time; moving_slots: those with motion or a waveform, beside them.';

-- One row: the time since when the processes have been watched without a gap. After a gap (the server
-- was away, or every process was) silence proves nothing, so living processes get a few seconds to
-- report again. UNLOGGED, because a crash that empties the table is such a gap. See api.sweep.
create unlogged table vidgen.watch (
  one boolean not null default true,
  since timestamptz not null,
  last_at timestamptz not null,
  constraint watch_pkey primary key (one),
  constraint watch_one_row check (one)
) with (fillfactor = 10);

-- One row: when the task tidy last came to its end. UNLOGGED, because the next run, a minute later, writes
-- it again.
create unlogged table vidgen.last_tidy (
  one boolean not null default true,
  at timestamptz not null,
  constraint last_tidy_pkey primary key (one),
  constraint last_tidy_one_row check (one)
);
comment on table vidgen.last_tidy is 'When retention and repairs last ran to their end.';

-- The first half of the key of a process's advisory lock. It is a function because both sides must agree
-- on it.
create function vidgen.lease_class() returns integer language sql immutable parallel safe as 'select 8671001';

------------------------------------------------------------------------------------------------ jobs

-- A job as GET /api/jobs lists it. It only depends on the row, so each row keeps its own, and a page of a
-- hundred is read instead of built. The public address is not in the row: its place is marked by chr(1), which
-- JSON cannot contain. No spaces, as row_to_json has none. Ids, statuses and times need no quoting.
create function vidgen.list_entry(
  id text,
  status text,
  share_token text,                 -- null: there is no video to show
  error_message text,
  attempt integer,
  created_at timestamptz,
  updated_at timestamptz,
  webhook_url text,
  metadata jsonb
) returns text language plpgsql immutable parallel safe as $$
declare
  iso8601 constant text := 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';
begin
  return '{"id":"' || id || '","status":"' || status
    || '","outputVideo":' || coalesce('"' || chr(1) || '/media/' || share_token || '/video.mp4"', 'null')
    || ',"outputShareLink":' || coalesce('"' || chr(1) || '/share/' || share_token || '"', 'null')
    || ',"errorMessage":' || coalesce(to_json(error_message)::text, 'null')
    || ',"retries":' || greatest(attempt - 1, 0)
    || ',"createdAt":"' || to_char(created_at at time zone 'UTC', iso8601)
    || '","updatedAt":"' || to_char(updated_at at time zone 'UTC', iso8601)
    || '","webhookUrl":' || coalesce(to_json(webhook_url)::text, 'null')
    || case when metadata is null then '' else ',"metadata":' || vidgen.flat_json(metadata) end || '}';
end $$;
comment on function vidgen.list_entry is 'A job as GET /api/jobs lists it; chr(1) stands for PUBLIC_URL.';

create table vidgen.job (
  id text not null default vidgen.new_id(),
  api_key_id text not null,
  status text not null default 'PENDING',
  progress smallint not null default 0,
  attempt integer not null default 0,
  process_id integer,
  webhook_url text,
  share_token text,
  error_message text,
  error_detail text,
  audio_seconds double precision,
  waited_seconds double precision,
  render_seconds double precision,
  width integer,
  height integer,
  options jsonb not null default '{}',
  metadata jsonb,
  needs_renderer smallint not null default 0,
  is_moving boolean not null generated always as (
    coalesce(options ->> 'motion', 'none') <> 'none' or coalesce(options ->> 'waveform', 'none') <> 'none') stored,
  facts jsonb,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  media_expired_at timestamptz,
  share_expires_at timestamptz,
  list_entry text not null generated always as (vidgen.list_entry(id, status,
    case when status = 'COMPLETED' and media_expired_at is null then share_token end,
    error_message, attempt, created_at, updated_at, webhook_url, metadata)) stored,
  constraint job_pkey primary key (id),
  constraint job_api_key_fkey foreign key (api_key_id) references vidgen.api_key (id),
  constraint job_status_known
    check (status in ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  constraint job_progress_percent check (progress between 0 and 100),
  -- 100 promises that the video is there.
  constraint job_progress_full_when_completed check ((progress = 100) = (status = 'COMPLETED')),
  constraint job_attempt_not_negative check (attempt >= 0),
  -- Only a job that is being rendered belongs to a process. The sweep relies on it.
  constraint job_process_only_while_processing check ((process_id is not null) = (status = 'PROCESSING')),
  constraint job_webhook_url_https check (webhook_url like 'https://%' and length(webhook_url) <= 2048),
  constraint job_completed_has_share_token check (status <> 'COMPLETED' or share_token is not null),
  -- Callers and operators need a reason for every failure.
  constraint job_failed_has_message check ((status = 'FAILED') = (error_message is not null)),
  constraint job_ended_has_time
    check ((status in ('COMPLETED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
  -- src/video_options.ts checks the values when they come in. Here only the shape matters.
  constraint job_options_object check (jsonb_typeof(options) = 'object'),
  constraint job_metadata_object check (jsonb_typeof(metadata) = 'object'),
  constraint job_facts_object check (jsonb_typeof(facts) = 'object'),
  constraint job_needs_renderer_not_negative check (needs_renderer >= 0),
  -- Answers show it as a time, and infinity is none.
  constraint job_share_expires_finite check (isfinite(share_expires_at))
) with (fillfactor = 80);
comment on table vidgen.job is 'One picture and one audio file on their way to a video. Only api.* functions change rows.';
comment on column vidgen.job.attempt is 'How often a worker has claimed the job. It is also the fence: each write must carry the attempt it belongs to.';
comment on column vidgen.job.error_message is 'For the caller: what to do. error_detail is for operators.';
comment on column vidgen.job.share_token is '128 random bits in the addresses of the video and of its share page.';
comment on column vidgen.job.options is 'Only what the caller asked for. The renderer supplies the defaults.';
comment on column vidgen.job.metadata is 'The caller''s own metadata, echoed. Null when none was given, which leaves answers as they were without metadata.';
comment on column vidgen.job.needs_renderer is 'The lowest renderer number of a worker that knows all the options of the job. See api.claim_job.';
comment on column vidgen.job.waited_seconds is 'From its creation until the first worker claimed it.';
comment on column vidgen.job.is_moving is 'The video is encoded frame by frame, which takes long, so it is rendered in separate slots. See api.enqueue_render.';
comment on column vidgen.job.facts is 'What the renderer found: input, warnings, checks. See api.job_json.';
comment on column vidgen.job.media_expired_at is 'When retention deleted the video. Its addresses answer 410 from then on.';
comment on column vidgen.job.share_expires_at is 'When its owner wants the addresses of the video to stop working. Null: never.';
comment on column vidgen.job.list_entry is 'The job as GET /api/jobs lists it while it is shared; see vidgen.list_entry.';

-- One active job per API key, whatever races: a second insert violates this index, and api.create_job
-- turns that into a 409 that names the first job.
create unique index job_one_active_per_key on vidgen.job (api_key_id)
  where status in ('PENDING', 'PROCESSING');

-- Lists are newest first within a key. Ids sort by time, so pages use them as the cursor. The index
-- sorts by bytes ("C"), unlike the primary key's. Otherwise the planner would walk the primary key and
-- filter, which reads a year of jobs when a key's last match is a year old.
create index job_by_key on vidgen.job (api_key_id, id collate "C" desc);
-- The same with a status filter: without it, finding a rare status would read all of a key's jobs.
create index job_by_key_and_status on vidgen.job (api_key_id, status, id collate "C" desc);

-- For GET /api/jobs?metadata.order=17. Most jobs have no metadata.
create index job_by_metadata on vidgen.job using gin (metadata jsonb_path_ops) where metadata is not null;

-- The sweep reads the jobs of a dead process and api.tidy reads all active ones: a handful of rows.
create index job_active on vidgen.job (process_id) where status in ('PENDING', 'PROCESSING');

-- Videos and share pages are looked up by token.
create unique index job_share_token on vidgen.job (share_token) where share_token is not null;

-- Retention looks for jobs that ended long ago. Operators look at those of the last days (admin.throughput,
-- admin.latency, admin.slow_renders), who need no more of them than what is included here: fifty thousand
-- jobs a day are read from some hundred pages, where their rows take seven thousand.
create index job_by_end on vidgen.job (finished_at)
  include (status, is_moving, waited_seconds, render_seconds, audio_seconds) where finished_at is not null;

-- Operators ask why jobs failed lately, and retry them. Few jobs fail, so a success never touches this index.
create index job_failed on vidgen.job (finished_at) where status = 'FAILED';

-- How many jobs each key has, for operators: counting a million takes a second. It has a row of its own for
-- the same reason as vidgen.storage. Failed jobs are few, and job_by_key_and_status counts them.
create table vidgen.job_count (
  api_key_id text not null,
  jobs bigint not null,
  constraint job_count_pkey primary key (api_key_id),
  constraint job_count_api_key_fkey foreign key (api_key_id) references vidgen.api_key (id) on delete cascade,
  constraint job_count_not_negative check (jobs >= 0)
) with (fillfactor = 70);
comment on table vidgen.job_count is 'How many jobs a key has. Triggers on vidgen.job maintain it.';

create function vidgen.count_created_jobs() returns trigger language plpgsql as $$
begin
  insert into vidgen.job_count as c (api_key_id, jobs)
  select api_key_id, count(*) from created group by 1 order by 1
  on conflict (api_key_id) do update set jobs = c.jobs + excluded.jobs;
  return null;
end $$;
create trigger job_created after insert on vidgen.job
  referencing new table as created for each statement execute function vidgen.count_created_jobs();

create function vidgen.count_deleted_jobs() returns trigger language plpgsql as $$
begin
  -- In the order in which others lock these rows, or two could wait for each other.
  perform from vidgen.job_count c
    where c.api_key_id in (select api_key_id from deleted) order by c.api_key_id for no key update;
  update vidgen.job_count c set jobs = c.jobs - gone.jobs
  from (select api_key_id, count(*) as jobs from deleted group by 1) gone
  where c.api_key_id = gone.api_key_id;
  return null;
end $$;
create trigger job_deleted after delete on vidgen.job
  referencing old table as deleted for each statement execute function vidgen.count_deleted_jobs();

-- The state diagram. A job fails while PENDING when a file cannot be fetched from the address that its
-- caller gave. It returns to PENDING only when its worker died, failed or shut down. A job that is being
-- rendered is cancelled only by force: api.cancel_job.
create function vidgen.check_job_move() returns trigger language plpgsql as $$
begin
  if (old.status, new.status) not in (
    ('PENDING', 'PROCESSING'), ('PENDING', 'FAILED'), ('PENDING', 'CANCELLED'),
    ('PROCESSING', 'COMPLETED'), ('PROCESSING', 'FAILED'), ('PROCESSING', 'PENDING'), ('PROCESSING', 'CANCELLED')
  ) then
    raise exception 'A job cannot go from % to %.', old.status, new.status
      using errcode = 'check_violation', constraint = 'job_move_allowed';
  end if;
  return new;
end $$;
create trigger job_move_allowed before update of status on vidgen.job
  for each row when (old.status is distinct from new.status) execute function vidgen.check_job_move();

-- updated_at is set here and nowhere else, so no function can forget it.
create function vidgen.touch_job() returns trigger language plpgsql as $$
begin
  -- The time never goes back, even if the clock does: clients that follow a job treat the later time as
  -- the news.
  new.updated_at := greatest(clock_timestamp(), old.updated_at);
  return new;
end $$;
create trigger job_touch before update of status, progress on vidgen.job
  for each row execute function vidgen.touch_job();

-- Streams and waits listen on this one channel. Only the id travels. The reader fetches the rest, so a
-- lost or repeated message does no harm. NOTIFY takes a lock at commit, so progress is written at most
-- twice a second per job, and requests that only read never notify.
create function vidgen.notify_job_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('job_changed', new.id);
  return null;
end $$;
create trigger job_changed after update of status, progress on vidgen.job
  for each row when (old.status is distinct from new.status or old.progress is distinct from new.progress)
  execute function vidgen.notify_job_changed();

-- No job starts while the one row exists. See admin.pause_queue.
create table vidgen.queue_pause (
  one boolean not null default true,
  since timestamptz not null default now(),
  constraint queue_pause_pkey primary key (one),
  constraint queue_pause_one_row check (one)
);
comment on table vidgen.queue_pause is 'One row while rendering is paused, none otherwise.';

-- What happened to each attempt, for operators.
create table vidgen.attempt (
  job_id text not null,
  attempt integer not null,
  -- No foreign key: a process's row goes when it ends, but the record of its work stays.
  process_id integer not null,
  worker text not null,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text,
  detail text,
  constraint attempt_pkey primary key (job_id, attempt),
  constraint attempt_job_fkey foreign key (job_id) references vidgen.job (id) on delete cascade,
  constraint attempt_outcome_known check (
    outcome in ('completed', 'failed', 'cancelled', 'released', 'machine failed', 'worker died')),
  constraint attempt_ended_has_outcome check ((ended_at is null) = (outcome is null))
);
-- A restart hands jobs back through nobody's fault. The other two ways back are counted
-- (api.is_last_try).
comment on column vidgen.attempt.outcome is 'completed; failed (because of the input); cancelled; released (its worker shut down); machine failed; worker died.';
comment on table vidgen.attempt is 'Each claim of a job by a worker: which worker, when, and how it ended.';
comment on column vidgen.attempt.worker is 'host:pid, for people. Containers repeat both, so process_id is what tells processes apart.';

-- The same Idempotency-Key from the same API key within 24 h means the same job.
create table vidgen.idempotency_key (
  api_key_id text not null,
  key text not null,
  job_id text not null,
  -- The hash of all fields and files. Null when unknown: a repetition then counts as the same.
  fingerprint bytea,
  created_at timestamptz not null default now(),
  constraint idempotency_key_pkey primary key (api_key_id, key),
  constraint idempotency_key_visible_ascii check (key ~ '^[!-~]{1,255}$'),
  constraint idempotency_key_api_key_fkey foreign key (api_key_id) references vidgen.api_key (id),
  -- Deferred, because the key is claimed before the job row is written.
  constraint idempotency_key_job_fkey foreign key (job_id) references vidgen.job (id)
    on delete cascade deferrable initially deferred
);
create index idempotency_key_by_age on vidgen.idempotency_key (created_at);
create index idempotency_key_by_job on vidgen.idempotency_key (job_id);

----------------------------------------------------------------------------------------------- blobs

-- A file. It starts without a job, as an upload or a render of a living process, until the function that
-- creates or completes the job takes it over. A blob without a job whose process is gone is an orphan.
create table vidgen.blob (
  id text not null default vidgen.new_id(),
  process_id integer not null,
  job_id text,
  api_key_id text,
  kind text,
  content_type text,
  size bigint,
  sha256 bytea,
  -- The object in the bucket that holds the bytes, or null when they are in blob_chunk. A key is used
  -- once: a file that moves out and back in gets a new one, so a late deletion can never hit a new
  -- object.
  object_key text,
  created_at timestamptz not null default clock_timestamp(),
  constraint blob_pkey primary key (id),
  constraint blob_object_key_unique unique (object_key),
  constraint blob_job_fkey foreign key (job_id) references vidgen.job (id) on delete cascade,
  constraint blob_kind_known check (kind in ('image', 'audio', 'captions', 'video', 'poster', 'captions_vtt')),
  constraint blob_of_job_has_kind check ((job_id is null) = (kind is null)),
  -- The API key whose storage the file uses. It is kept here because a file may briefly outlive the job
  -- row.
  constraint blob_of_job_has_owner check ((job_id is null) = (api_key_id is null)),
  -- A job may only take over a file that has arrived completely.
  constraint blob_of_job_is_whole
    check (job_id is null or (size is not null and sha256 is not null and content_type is not null)),
  constraint blob_size_not_negative check (size >= 0)
);
-- A job has one file of each kind.
create unique index blob_one_of_a_kind on vidgen.blob (job_id, kind) where job_id is not null;
-- The sweep looks for orphans by process. Few blobs have no owner.
create index blob_unowned on vidgen.blob (process_id) where job_id is null;
-- Retention takes the oldest of each kind first.
create index blob_by_age on vidgen.blob (kind, created_at) where job_id is not null;
comment on table vidgen.blob is 'A stored file: picture, audio, captions, video, poster or WebVTT of a job, or an upload in progress.';

-- Files that the caller sent, as opposed to files that a worker made.
create function vidgen.is_input(kind text) returns boolean language sql immutable parallel safe as $$
  select kind in ('image', 'audio', 'captions')
$$;

-- The size of a chunk. Writers cut files by it (src/storage/chunks.ts; a test keeps the two equal).
create function vidgen.chunk_bytes() returns integer language sql immutable parallel safe as 'select 256 * 1024';

-- The address from which to fetch a file of a job. Once it is fetched, the job has a blob of the same
-- kind.
create table vidgen.source (
  job_id text not null,
  kind text not null,
  url text not null,
  process_id integer,
  tries integer not null default 0,
  fetched_bytes bigint not null default 0,
  total_bytes bigint,
  constraint source_pkey primary key (job_id, kind),
  constraint source_job_fkey foreign key (job_id) references vidgen.job (id) on delete cascade,
  constraint source_kind_known check (vidgen.is_input(kind)),
  -- Only HTTP is ever fetched: file:, data: and the like would read the worker's own machine.
  constraint source_url_http check (url ~* '^https?://' and length(url) <= 2048),
  constraint source_tries_not_negative check (tries >= 0)
) with (fillfactor = 70);
comment on table vidgen.source is 'Addresses that callers gave instead of files. A worker fetches them.';
comment on column vidgen.source.process_id is 'The process that fetches the job''s files, or did. It is also the fence: each write must come from it.';
comment on column vidgen.source.tries is 'How often fetching has begun and not been handed back.';
comment on column vidgen.source.total_bytes is 'As the server states it; null when it does not.';

-- The bytes, in rows of 256 KiB (the last one shorter), so that nothing ever holds a whole file and a
-- range takes a few rows. EXTERNAL, because media do not compress.
create table vidgen.blob_chunk (
  blob_id text not null,
  n integer not null,
  bytes bytea not null,
  constraint blob_chunk_pkey primary key (blob_id, n),
  constraint blob_chunk_blob_fkey foreign key (blob_id) references vidgen.blob (id) on delete cascade,
  constraint blob_chunk_size check (length(bytes) between 1 and vidgen.chunk_bytes())
);
alter table vidgen.blob_chunk alter column bytes set storage external;

-- Objects in the bucket that no file needs any more. A file's deletion adds the row in its own
-- transaction, and the task tidy deletes the object later. That task may be killed at any point.
create table vidgen.blob_trash (
  object_key text not null,
  -- Not deleted before this time: someone may still be reading the object, or writing it for a file that
  -- moves.
  due_at timestamptz not null default clock_timestamp(),
  -- An interrupted multipart upload may use space without being an object.
  unfinished boolean not null,
  -- The deletion has started. No file may take this object any more.
  taken boolean not null default false,
  constraint blob_trash_pkey primary key (object_key)
);
create index blob_trash_due on vidgen.blob_trash (due_at);
comment on table vidgen.blob_trash is 'Keys of objects to delete from the bucket.';

-- What each key has stored, for quotas: adding up its files at each submission would take longer the
-- more it has. It has a row of its own, so that only writers and deleters of this key's files wait for
-- it.
create table vidgen.storage (
  api_key_id text not null,
  bytes bigint not null default 0,
  constraint storage_pkey primary key (api_key_id),
  constraint storage_api_key_fkey foreign key (api_key_id) references vidgen.api_key (id) on delete cascade,
  constraint storage_not_negative check (bytes >= 0)
) with (fillfactor = 70);
comment on table vidgen.storage is 'Bytes of the files that belong to the jobs of a key, and of what its receivers answered. Triggers on vidgen.blob and vidgen.delivery maintain it.';

create function vidgen.count_stored() returns trigger language plpgsql as $$
begin
  insert into vidgen.storage as s (api_key_id, bytes) values (new.api_key_id, new.size)
  on conflict (api_key_id) do update set bytes = s.bytes + excluded.bytes;
  return null;
end $$;
create trigger blob_stored after update of job_id on vidgen.blob
  for each row when (old.job_id is null and new.job_id is not null) execute function vidgen.count_stored();

-- One update per statement: retention deletes hundreds of a key's files at a time.
create function vidgen.count_removed() returns trigger language plpgsql as $$
begin
  update vidgen.storage s set bytes = s.bytes - gone.bytes
  from (select api_key_id, sum(size) as bytes from removed where api_key_id is not null group by 1) gone
  where s.api_key_id = gone.api_key_id;
  return null;
end $$;
create trigger blob_removed after delete on vidgen.blob
  referencing old table as removed for each statement execute function vidgen.count_removed();

-- Every deletion of a file, cascades included, marks its object for deletion.
create function vidgen.trash_objects() returns trigger language plpgsql as $$
begin
  insert into vidgen.blob_trash (object_key, unfinished)
  select object_key, size is null from removed where object_key is not null
  on conflict (object_key) do nothing;
  return null;
end $$;
create trigger blob_trashed after delete on vidgen.blob
  referencing old table as removed for each statement execute function vidgen.trash_objects();

-------------------------------------------------------------------------------------------- webhooks

-- The message that a job with a webhookUrl sends when it ends. The transaction that ends the job writes
-- it, with a finished body, so that every attempt sends the same bytes.
create table vidgen.webhook (
  job_id text not null,
  -- As the job says: lanes are counted by it, which must not read the jobs.
  api_key_id text not null,
  message_id text not null default 'msg_' || vidgen.new_id(),
  url text not null,
  -- Without its port and the dots at its end: a receiver does not become another one by them.
  host text not null generated always as (
    regexp_replace(lower(substring(url from '^https://([^/?#\\]+)')), '\.*(:[0-9]*)?$', '')) stored,
  body text not null,
  status text not null default 'pending',
  attempts integer not null default 0,
  round integer not null default 1,
  step integer not null default 0,
  next_attempt_at timestamptz default clock_timestamp(),
  held_back boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  delivered_at timestamptz,
  constraint webhook_pkey primary key (job_id),
  constraint webhook_job_fkey foreign key (job_id) references vidgen.job (id) on delete cascade,
  constraint webhook_status_known check (status in ('pending', 'delivered', 'abandoned')),
  -- Only a message that is still to be sent has a time for the next attempt.
  constraint webhook_pending_has_next_attempt check ((status = 'pending') = (next_attempt_at is not null)),
  constraint webhook_delivered_has_time check (status <> 'delivered' or delivered_at is not null),
  constraint webhook_held_back_only_while_pending check (status = 'pending' or not held_back)
);
create index webhook_pending on vidgen.webhook (next_attempt_at) where status = 'pending';
-- admin.failing_receivers and admin.redeliver_since look for the few messages that did not arrive.
create index webhook_undelivered on vidgen.webhook (created_at) where status <> 'delivered';
-- Finds the last success of each failing host.
create index webhook_delivered on vidgen.webhook (host, delivered_at) where delivered_at is not null;
-- When an attempt ends, it looks for messages that wait for the same host, or are of the same key.
create index webhook_held_back on vidgen.webhook (host, next_attempt_at) where held_back;
create index webhook_held_back_of_key on vidgen.webhook (api_key_id, next_attempt_at) where held_back;
comment on table vidgen.webhook is 'The one message of an ended job: its address, exact body and delivery state.';
comment on column vidgen.webhook.attempts is 'How many attempts have started, which is also the number of the latest.';
comment on column vidgen.webhook.round is 'How often the retry schedule was started: each redelivery begins a new round.';
comment on column vidgen.webhook.step is 'Attempts recorded in the current round.';
comment on column vidgen.webhook.held_back is 'Due, but its host or its key already has as many deliveries under way as it may. When one of them ends, this one is queued.';

-- An attempt's row is written when it starts, so that an attempt whose worker dies is not forgotten: it
-- has no duration, and its process is gone. There is no foreign key to the process, because burying a
-- process would then wait for the deliveries of all others.
create table vidgen.delivery (
  job_id text not null,
  attempt integer not null,
  -- Whose storage the answer uses. It is kept here because the row may outlive that of the message.
  api_key_id text not null,
  round integer not null,
  process_id integer not null,
  started_at timestamptz not null default clock_timestamp(),
  duration_ms integer,
  status integer,
  error_class text,
  error_message text,
  response_head text,
  constraint delivery_pkey primary key (job_id, attempt),
  constraint delivery_webhook_fkey foreign key (job_id) references vidgen.webhook (job_id) on delete cascade,
  constraint delivery_error_class_known
    check (error_class in ('dns', 'refused', 'tls', 'timeout', 'reset', 'blocked', 'status', 'secret')),
  constraint delivery_ended_has_outcome
    check ((duration_ms is not null) = (status is not null or error_class is not null)),
  -- An answer is kept to find out why it was none that counts. Callers choose their receivers, so what a
  -- receiver says must be short, lest it become a store.
  constraint delivery_body_of_failures_only check (response_head is null or error_class is not null),
  constraint delivery_body_short check (octet_length(response_head) <= 4096)
);
create index delivery_by_time on vidgen.delivery (started_at);
-- The few deliveries under way, to count them per host.
create index delivery_under_way on vidgen.delivery (started_at) where duration_ms is null;
comment on table vidgen.delivery is 'Each attempt to deliver a webhook: when, how long, and what the receiver answered.';
comment on column vidgen.delivery.process_id is 'The process that sent it. While there is no duration, the attempt is under way only if that process lives.';
comment on column vidgen.delivery.status is 'The HTTP status of the answer, if there was one.';

-- Answers count as stored, like files.
create function vidgen.count_answer() returns trigger language plpgsql as $$
begin
  insert into vidgen.storage as s (api_key_id, bytes) values (new.api_key_id, octet_length(new.response_head))
  on conflict (api_key_id) do update set bytes = s.bytes + excluded.bytes;
  return null;
end $$;
create trigger delivery_answered after update of response_head on vidgen.delivery
  for each row when (old.response_head is null and new.response_head <> '') execute function vidgen.count_answer();

create function vidgen.count_removed_answers() returns trigger language plpgsql as $$
begin
  update vidgen.storage s set bytes = s.bytes - gone.bytes
  from (select api_key_id, sum(octet_length(response_head)) as bytes from removed
    where response_head <> '' group by 1) gone
  where s.api_key_id = gone.api_key_id;
  return null;
end $$;
create trigger delivery_removed after delete on vidgen.delivery
  referencing old table as removed for each statement execute function vidgen.count_removed_answers();

-- The receiver that the page offers to users who have none yet: an address on this service that belongs
-- to one key, stays open for an hour and keeps what was sent to it.
create table vidgen.webhook_catcher (
  token text not null,
  api_key_id text not null,
  url text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '1 hour',
  constraint webhook_catcher_pkey primary key (token),
  -- One per key: opening it again extends it.
  constraint webhook_catcher_one_per_key unique (api_key_id),
  -- A delivery is matched by its whole address.
  constraint webhook_catcher_url_unique unique (url),
  constraint webhook_catcher_api_key_fkey foreign key (api_key_id) references vidgen.api_key (id) on delete cascade
);
create index webhook_catcher_by_age on vidgen.webhook_catcher (expires_at);
comment on table vidgen.webhook_catcher is 'An address on this service that catches the webhooks of one key for an hour.';

create table vidgen.caught_webhook (
  token text not null,
  message_id text not null,
  job_id text not null,
  received_at timestamptz not null default clock_timestamp(),
  headers json not null,
  body text not null,
  -- A message that is sent twice is stored once.
  constraint caught_webhook_pkey primary key (token, message_id),
  constraint caught_webhook_catcher_fkey foreign key (token) references vidgen.webhook_catcher (token) on delete cascade,
  constraint caught_webhook_job_fkey foreign key (job_id) references vidgen.job (id) on delete cascade
);
create index caught_webhook_by_job on vidgen.caught_webhook (job_id);
comment on table vidgen.caught_webhook is 'A request that a webhook catcher received.';

----------------------------------------------------------------------------------------- operators

-- What operators have changed. It outlives what it names: a purged key is still named here.
create table vidgen.audit (
  id bigint generated always as identity,
  at timestamptz not null default clock_timestamp(),
  role text not null default session_user,
  application_name text not null default current_setting('application_name'),
  client_address inet default inet_client_addr(),
  action text not null,
  subject text,
  detail text,
  constraint audit_pkey primary key (id)
);
create index audit_by_age on vidgen.audit (at);
comment on table vidgen.audit is 'Each call of a function of admin that changed something: who, from where, what.';
comment on column vidgen.audit.subject is 'The id of a job or the name of a key, if the action has one.';

-- FAILED jobs that an operator wants made again while their key is busy. Each is made when the one before
-- it ends: a key has one active job.
create table vidgen.retry_wish (
  job_id text not null,
  api_key_id text not null,
  constraint retry_wish_pkey primary key (job_id),
  constraint retry_wish_job_fkey foreign key (job_id) references vidgen.job (id) on delete cascade,
  constraint retry_wish_api_key_fkey foreign key (api_key_id) references vidgen.api_key (id) on delete cascade
);
-- When a job ends, its key's oldest wish is looked for.
create index retry_wish_by_key on vidgen.retry_wish (api_key_id, job_id);
comment on table vidgen.retry_wish is 'Jobs to be made again as soon as their key is free: see admin.retry_since.';

create function vidgen.grant_retry_wish() returns trigger language plpgsql as $$
begin
  -- Almost always there is none, and then this is one look into an empty index.
  if exists (select from vidgen.retry_wish w where w.api_key_id = new.api_key_id) then
    perform api.grant_retry_wish(new.api_key_id);
  end if;
  return null;
end $$;
create trigger job_grants_retry_wish after update of status on vidgen.job
  for each row when (old.status in ('PENDING', 'PROCESSING') and new.status in ('COMPLETED', 'FAILED', 'CANCELLED'))
  execute function vidgen.grant_retry_wish();

---------------------------------------------------------------------------------------------- vacuum

-- By default autovacuum waits until a fifth of a table is dead. Retention empties these tables a few
-- rows at a time: of a million jobs 200,000 would be dead first, and a store of 100 GB would take 120.
-- So vacuum at a fiftieth, with a minimum that keeps small tables from being vacuumed for every job.
-- Measured with 15,000 jobs of one small file each, all of them replaced almost three times: job grew by
-- 19 % instead of 43, blob by 17 % instead of 38, with a vacuum every 1,200 jobs instead of every 3,500.
alter table vidgen.job set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
alter table vidgen.attempt set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
alter table vidgen.webhook set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
alter table vidgen.delivery set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
alter table vidgen.blob set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

-- The bytes themselves are in the TOAST table, where a chunk of 256 KiB takes some 130 rows: 10,000 rows
-- are 20 MB.
alter table vidgen.blob_chunk set (
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500,
  toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_threshold = 10000);
