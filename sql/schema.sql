-- Generated from a migrated database by "npm run generate". Do not edit.

-- The clients of the API: the hash of each key, and the secret that signs its webhooks.
table vidgen.api_key
  id text not null default new_id()
  name text not null
  key_sha256 bytea not null
  key_prefix text not null  -- The first characters of the key, enough to tell keys apart but not to use one.
  webhook_secret text  -- Sealed before it gets here (AES-256-GCM, SECRETS_KEY) as sealed:KEY:…. Null until a worker has made one, if the key was created from psql.
  previous_webhook_secret text
  previous_webhook_secret_until timestamp with time zone
  created_at timestamp with time zone not null default now()
  last_used_at timestamp with time zone  -- Rounded to the minute: a write for every request would make this row hot.
  deactivated_at timestamp with time zone
  max_stored_bytes bigint  -- Null, as with the two below: the limit of the service (MAX_STORED_BYTES_PER_KEY).
  max_file_mb integer  -- Of a picture or audio file, in MiB; null: MAX_FILE_MB.
  max_audio_minutes integer  -- Null: MAX_AUDIO_MINUTES.
  constraint api_key_max_audio_minutes_range CHECK (((max_audio_minutes >= 1) AND (max_audio_minutes <= 1440)))
  constraint api_key_max_file_mb_range CHECK (((max_file_mb >= 1) AND (max_file_mb <= 2048)))
  constraint api_key_max_stored_bytes_range CHECK (((max_stored_bytes >= 1) AND (max_stored_bytes <= '9007199254740991'::bigint)))
  constraint api_key_name_length CHECK (((length(name) >= 1) AND (length(name) <= 100)))
  constraint api_key_previous_secret_ends CHECK (((previous_webhook_secret IS NULL) = (previous_webhook_secret_until IS NULL)))
  constraint api_key_secrets_sealed CHECK ((starts_with(webhook_secret, 'sealed:'::text) AND COALESCE(starts_with(previous_webhook_secret, 'sealed:'::text), true)))
  constraint api_key_sha256_length CHECK ((length(key_sha256) = 32))
  constraint api_key_pkey PRIMARY KEY (id)
  constraint api_key_name_unique UNIQUE (name)
  constraint api_key_sha256_unique UNIQUE (key_sha256)

-- Each claim of a job by a worker: which worker, when, and how it ended.
table vidgen.attempt with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500)
  job_id text not null
  attempt integer not null
  process_id integer not null
  worker text not null  -- host:pid, for people. Containers repeat both, so process_id is what tells processes apart.
  started_at timestamp with time zone not null default clock_timestamp()
  ended_at timestamp with time zone
  outcome text  -- completed; failed (because of the input); cancelled; released (its worker shut down); machine failed; worker died.
  detail text
  constraint attempt_ended_has_outcome CHECK (((ended_at IS NULL) = (outcome IS NULL)))
  constraint attempt_outcome_known CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text, 'released'::text, 'machine failed'::text, 'worker died'::text])))
  constraint attempt_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE
  constraint attempt_pkey PRIMARY KEY (job_id, attempt)

-- Each call of a function of admin that changed something: who, from where, what.
table vidgen.audit
  id bigint not null generated always as identity
  at timestamp with time zone not null default clock_timestamp()
  role text not null default SESSION_USER
  application_name text not null default current_setting('application_name'::text)
  client_address inet default inet_client_addr()
  action text not null
  subject text  -- The id of a job or the name of a key, if the action has one.
  detail text
  constraint audit_pkey PRIMARY KEY (id)
  CREATE INDEX audit_by_age ON vidgen.audit USING btree (at)

-- A stored file: picture, audio, captions, video, poster or WebVTT of a job, or an upload in progress.
table vidgen.blob with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500)
  id text not null default new_id()
  process_id integer not null
  job_id text
  api_key_id text
  kind text
  content_type text
  size bigint
  sha256 bytea
  object_key text
  created_at timestamp with time zone not null default clock_timestamp()
  constraint blob_kind_known CHECK ((kind = ANY (ARRAY['image'::text, 'audio'::text, 'captions'::text, 'video'::text, 'poster'::text, 'captions_vtt'::text])))
  constraint blob_of_job_has_kind CHECK (((job_id IS NULL) = (kind IS NULL)))
  constraint blob_of_job_has_owner CHECK (((job_id IS NULL) = (api_key_id IS NULL)))
  constraint blob_of_job_is_whole CHECK (((job_id IS NULL) OR ((size IS NOT NULL) AND (sha256 IS NOT NULL) AND (content_type IS NOT NULL))))
  constraint blob_size_not_negative CHECK ((size >= 0))
  constraint blob_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE
  constraint blob_pkey PRIMARY KEY (id)
  constraint blob_object_key_unique UNIQUE (object_key)
  CREATE INDEX blob_by_age ON vidgen.blob USING btree (kind, created_at) WHERE (job_id IS NOT NULL)
  CREATE UNIQUE INDEX blob_one_of_a_kind ON vidgen.blob USING btree (job_id, kind) WHERE (job_id IS NOT NULL)
  CREATE INDEX blob_unowned ON vidgen.blob USING btree (process_id) WHERE (job_id IS NULL)
  CREATE TRIGGER blob_removed AFTER DELETE ON vidgen.blob REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_removed()
  CREATE TRIGGER blob_stored AFTER UPDATE OF job_id ON vidgen.blob FOR EACH ROW WHEN (((old.job_id IS NULL) AND (new.job_id IS NOT NULL))) EXECUTE FUNCTION count_stored()
  CREATE TRIGGER blob_trashed AFTER DELETE ON vidgen.blob REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION trash_objects()

-- 
table vidgen.blob_chunk with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500)
  blob_id text not null
  n integer not null
  bytes bytea not null
  constraint blob_chunk_size CHECK (((length(bytes) >= 1) AND (length(bytes) <= chunk_bytes())))
  constraint blob_chunk_blob_fkey FOREIGN KEY (blob_id) REFERENCES blob(id) ON DELETE CASCADE
  constraint blob_chunk_pkey PRIMARY KEY (blob_id, n)

-- Keys of objects to delete from the bucket.
table vidgen.blob_trash
  object_key text not null
  due_at timestamp with time zone not null default clock_timestamp()
  unfinished boolean not null
  taken boolean not null default false
  constraint blob_trash_pkey PRIMARY KEY (object_key)
  CREATE INDEX blob_trash_due ON vidgen.blob_trash USING btree (due_at)

-- A request that a webhook catcher received.
table vidgen.caught_webhook
  token text not null
  message_id text not null
  job_id text not null
  received_at timestamp with time zone not null default clock_timestamp()
  headers json not null
  body text not null
  constraint caught_webhook_catcher_fkey FOREIGN KEY (token) REFERENCES webhook_catcher(token) ON DELETE CASCADE
  constraint caught_webhook_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE
  constraint caught_webhook_pkey PRIMARY KEY (token, message_id)
  CREATE INDEX caught_webhook_by_job ON vidgen.caught_webhook USING btree (job_id)

-- Each attempt to deliver a webhook: when, how long, and what the receiver answered.
table vidgen.delivery with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500)
  job_id text not null
  attempt integer not null
  api_key_id text not null
  round integer not null
  process_id integer not null  -- The process that sent it. While there is no duration, the attempt is under way only if that process lives.
  started_at timestamp with time zone not null default clock_timestamp()
  duration_ms integer
  status integer  -- The HTTP status of the answer, if there was one.
  error_class text
  error_message text
  response_head text
  constraint delivery_body_of_failures_only CHECK (((response_head IS NULL) OR (error_class IS NOT NULL)))
  constraint delivery_body_short CHECK ((octet_length(response_head) <= 4096))
  constraint delivery_ended_has_outcome CHECK (((duration_ms IS NOT NULL) = ((status IS NOT NULL) OR (error_class IS NOT NULL))))
  constraint delivery_error_class_known CHECK ((error_class = ANY (ARRAY['dns'::text, 'refused'::text, 'tls'::text, 'timeout'::text, 'reset'::text, 'blocked'::text, 'status'::text, 'secret'::text])))
  constraint delivery_webhook_fkey FOREIGN KEY (job_id) REFERENCES webhook(job_id) ON DELETE CASCADE
  constraint delivery_pkey PRIMARY KEY (job_id, attempt)
  CREATE INDEX delivery_by_time ON vidgen.delivery USING btree (started_at)
  CREATE INDEX delivery_under_way ON vidgen.delivery USING btree (started_at) WHERE (duration_ms IS NULL)
  CREATE TRIGGER delivery_answered AFTER UPDATE OF response_head ON vidgen.delivery FOR EACH ROW WHEN (((old.response_head IS NULL) AND (new.response_head <> ''::text))) EXECUTE FUNCTION count_answer()
  CREATE TRIGGER delivery_removed AFTER DELETE ON vidgen.delivery REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_removed_answers()

-- 
table vidgen.idempotency_key
  api_key_id text not null
  key text not null
  job_id text not null
  fingerprint bytea
  created_at timestamp with time zone not null default now()
  constraint idempotency_key_visible_ascii CHECK ((key ~ '^[!-~]{1,255}$'::text))
  constraint idempotency_key_api_key_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id)
  constraint idempotency_key_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  constraint idempotency_key_pkey PRIMARY KEY (api_key_id, key)
  CREATE INDEX idempotency_key_by_age ON vidgen.idempotency_key USING btree (created_at)
  CREATE INDEX idempotency_key_by_job ON vidgen.idempotency_key USING btree (job_id)

-- One picture and one audio file on their way to a video. Only api.* functions change rows.
table vidgen.job with (fillfactor=80, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500)
  id text not null default new_id()
  api_key_id text not null
  status text not null default 'PENDING'::text
  progress smallint not null default 0
  attempt integer not null default 0  -- How often a worker has claimed the job. It is also the fence: each write must carry the attempt it belongs to.
  process_id integer
  webhook_url text
  share_token text  -- 128 random bits in the addresses of the video and of its share page.
  error_message text  -- For the caller: what to do. error_detail is for operators.
  error_detail text
  audio_seconds double precision
  waited_seconds double precision  -- From its creation until the first worker claimed it.
  render_seconds double precision
  width integer
  height integer
  options jsonb not null default '{}'::jsonb  -- Only what the caller asked for. The renderer supplies the defaults.
  metadata jsonb  -- The caller's own metadata, echoed. Null when none was given, which leaves answers as they were without metadata.
  needs_renderer smallint not null default 0  -- The lowest renderer number of a worker that knows all the options of the job. See api.claim_job.
  is_moving boolean not null default ((COALESCE((options ->> 'motion'::text), 'none'::text) <> 'none'::text) OR (COALESCE((options ->> 'waveform'::text), 'none'::text) <> 'none'::text))  -- The video is encoded frame by frame, which takes long, so it is rendered in separate slots. See api.enqueue_render.
  facts jsonb  -- What the renderer found: input, warnings, checks. See api.job_json.
  created_at timestamp with time zone not null default clock_timestamp()
  updated_at timestamp with time zone not null default clock_timestamp()
  started_at timestamp with time zone
  finished_at timestamp with time zone
  media_expired_at timestamp with time zone  -- When retention deleted the video. Its addresses answer 410 from then on.
  share_expires_at timestamp with time zone  -- When its owner wants the addresses of the video to stop working. Null: never.
  list_entry text not null default list_entry(id, status,
CASE
    WHEN ((status = 'COMPLETED'::text) AND (media_expired_at IS NULL)) THEN share_token
    ELSE NULL::text
END, error_message, attempt, created_at, updated_at, webhook_url, metadata)  -- The job as GET /api/jobs lists it while it is shared; see vidgen.list_entry.
  constraint job_attempt_not_negative CHECK ((attempt >= 0))
  constraint job_completed_has_share_token CHECK (((status <> 'COMPLETED'::text) OR (share_token IS NOT NULL)))
  constraint job_ended_has_time CHECK (((status = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])) = (finished_at IS NOT NULL)))
  constraint job_facts_object CHECK ((jsonb_typeof(facts) = 'object'::text))
  constraint job_failed_has_message CHECK (((status = 'FAILED'::text) = (error_message IS NOT NULL)))
  constraint job_metadata_object CHECK ((jsonb_typeof(metadata) = 'object'::text))
  constraint job_needs_renderer_not_negative CHECK ((needs_renderer >= 0))
  constraint job_options_object CHECK ((jsonb_typeof(options) = 'object'::text))
  constraint job_process_only_while_processing CHECK (((process_id IS NOT NULL) = (status = 'PROCESSING'::text)))
  constraint job_progress_full_when_completed CHECK (((progress = 100) = (status = 'COMPLETED'::text)))
  constraint job_progress_percent CHECK (((progress >= 0) AND (progress <= 100)))
  constraint job_share_expires_finite CHECK (isfinite(share_expires_at))
  constraint job_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text, 'COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])))
  constraint job_webhook_url_https CHECK (((webhook_url ~~ 'https://%'::text) AND (length(webhook_url) <= 2048)))
  constraint job_api_key_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id)
  constraint job_pkey PRIMARY KEY (id)
  CREATE INDEX job_active ON vidgen.job USING btree (process_id) WHERE (status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text]))
  CREATE INDEX job_by_end ON vidgen.job USING btree (finished_at) INCLUDE (status, is_moving, waited_seconds, render_seconds, audio_seconds) WHERE (finished_at IS NOT NULL)
  CREATE INDEX job_by_key ON vidgen.job USING btree (api_key_id, id COLLATE "C" DESC)
  CREATE INDEX job_by_key_and_status ON vidgen.job USING btree (api_key_id, status, id COLLATE "C" DESC)
  CREATE INDEX job_by_metadata ON vidgen.job USING gin (metadata jsonb_path_ops) WHERE (metadata IS NOT NULL)
  CREATE INDEX job_failed ON vidgen.job USING btree (finished_at) WHERE (status = 'FAILED'::text)
  CREATE UNIQUE INDEX job_one_active_per_key ON vidgen.job USING btree (api_key_id) WHERE (status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text]))
  CREATE UNIQUE INDEX job_share_token ON vidgen.job USING btree (share_token) WHERE (share_token IS NOT NULL)
  CREATE TRIGGER job_changed AFTER UPDATE OF status, progress ON vidgen.job FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) OR (old.progress IS DISTINCT FROM new.progress))) EXECUTE FUNCTION notify_job_changed()
  CREATE TRIGGER job_created AFTER INSERT ON vidgen.job REFERENCING NEW TABLE AS created FOR EACH STATEMENT EXECUTE FUNCTION count_created_jobs()
  CREATE TRIGGER job_deleted AFTER DELETE ON vidgen.job REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_jobs()
  CREATE TRIGGER job_grants_retry_wish AFTER UPDATE OF status ON vidgen.job FOR EACH ROW WHEN (((old.status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text])) AND (new.status = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text])))) EXECUTE FUNCTION grant_retry_wish()
  CREATE TRIGGER job_move_allowed BEFORE UPDATE OF status ON vidgen.job FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION check_job_move()
  CREATE TRIGGER job_touch BEFORE UPDATE OF status, progress ON vidgen.job FOR EACH ROW EXECUTE FUNCTION touch_job()

-- How many jobs a key has. Triggers on vidgen.job maintain it.
table vidgen.job_count with (fillfactor=70)
  api_key_id text not null
  jobs bigint not null
  constraint job_count_not_negative CHECK ((jobs >= 0))
  constraint job_count_api_key_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id) ON DELETE CASCADE
  constraint job_count_pkey PRIMARY KEY (api_key_id)

-- When retention and repairs last ran to their end.
unlogged table vidgen.last_tidy
  one boolean not null default true
  at timestamp with time zone not null
  constraint last_tidy_one_row CHECK (one)
  constraint last_tidy_pkey PRIMARY KEY (one)

-- 
table vidgen.migration
  name text not null
  sha256 text not null
  applied_at timestamp with time zone not null default now()
  constraint migration_pkey PRIMARY KEY (name)

-- Living API and worker processes; api.sweep removes the dead ones and frees their work.
table vidgen.process with (fillfactor=50)
  id integer not null generated always as identity
  kind text not null
  host text not null
  pid integer not null
  queue_pools text[] not null default '{}'::text[]  -- Ids of the graphile-worker pools in this process, which lock its queue rows.
  version text  -- For operators, as the next two; null: a release that did not say.
  slots integer  -- Jobs that a worker renders at a time; moving_slots: those with motion or a waveform, beside them.
  moving_slots integer
  started_at timestamp with time zone not null default now()
  beat_at timestamp with time zone not null default clock_timestamp()
  resting_since timestamp with time zone  -- A worker whose machine cannot render, because its disk is full for example, takes no jobs since then.
  constraint process_kind_known CHECK ((kind = ANY (ARRAY['web'::text, 'worker'::text])))
  constraint process_pkey PRIMARY KEY (id)

-- One row while rendering is paused, none otherwise.
table vidgen.queue_pause
  one boolean not null default true
  since timestamp with time zone not null default now()
  constraint queue_pause_one_row CHECK (one)
  constraint queue_pause_pkey PRIMARY KEY (one)

-- Hits of a client (IPv4 address or IPv6 /56) in its current one-minute window.
unlogged table vidgen.rate_limit with (fillfactor=70)
  client text not null
  policy text not null
  window_start timestamp with time zone not null
  hits integer not null
  constraint rate_limit_policy_known CHECK ((policy = ANY (ARRAY['requests'::text, 'submissions'::text, 'redeliveries'::text, 'public'::text, 'passwords'::text])))
  constraint rate_limit_pkey PRIMARY KEY (client, policy)

-- Jobs to be made again as soon as their key is free: see admin.retry_since.
table vidgen.retry_wish
  job_id text not null
  api_key_id text not null
  constraint retry_wish_api_key_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id) ON DELETE CASCADE
  constraint retry_wish_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE
  constraint retry_wish_pkey PRIMARY KEY (job_id)
  CREATE INDEX retry_wish_by_key ON vidgen.retry_wish USING btree (api_key_id, job_id)

-- Addresses that callers gave instead of files. A worker fetches them.
table vidgen.source with (fillfactor=70)
  job_id text not null
  kind text not null
  url text not null
  process_id integer  -- The process that fetches the job's files, or did. It is also the fence: each write must come from it.
  tries integer not null default 0  -- How often fetching has begun and not been handed back.
  fetched_bytes bigint not null default 0
  total_bytes bigint  -- As the server states it; null when it does not.
  constraint source_kind_known CHECK (is_input(kind))
  constraint source_tries_not_negative CHECK ((tries >= 0))
  constraint source_url_http CHECK (((url ~* '^https?://'::text) AND (length(url) <= 2048)))
  constraint source_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE
  constraint source_pkey PRIMARY KEY (job_id, kind)

-- Bytes of the files that belong to the jobs of a key, and of what its receivers answered. Triggers on vidgen.blob and vidgen.delivery maintain it.
table vidgen.storage with (fillfactor=70)
  api_key_id text not null
  bytes bigint not null default 0
  constraint storage_not_negative CHECK ((bytes >= 0))
  constraint storage_api_key_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id) ON DELETE CASCADE
  constraint storage_pkey PRIMARY KEY (api_key_id)

-- 
unlogged table vidgen.watch with (fillfactor=10)
  one boolean not null default true
  since timestamp with time zone not null
  last_at timestamp with time zone not null
  constraint watch_one_row CHECK (one)
  constraint watch_pkey PRIMARY KEY (one)

-- The one message of an ended job: its address, exact body and delivery state.
table vidgen.webhook with (autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_threshold=500)
  job_id text not null
  api_key_id text not null
  message_id text not null default ('msg_'::text || new_id())
  url text not null
  host text not null default regexp_replace(lower("substring"(url, '^https://([^/?#\\]+)'::text)), '\.*(:[0-9]*)?$'::text, ''::text)
  body text not null
  status text not null default 'pending'::text
  attempts integer not null default 0  -- How many attempts have started, which is also the number of the latest.
  round integer not null default 1  -- How often the retry schedule was started: each redelivery begins a new round.
  step integer not null default 0  -- Attempts recorded in the current round.
  next_attempt_at timestamp with time zone default clock_timestamp()
  held_back boolean not null default false  -- Due, but its host or its key already has as many deliveries under way as it may. When one of them ends, this one is queued.
  created_at timestamp with time zone not null default clock_timestamp()
  delivered_at timestamp with time zone
  constraint webhook_delivered_has_time CHECK (((status <> 'delivered'::text) OR (delivered_at IS NOT NULL)))
  constraint webhook_held_back_only_while_pending CHECK (((status = 'pending'::text) OR (NOT held_back)))
  constraint webhook_pending_has_next_attempt CHECK (((status = 'pending'::text) = (next_attempt_at IS NOT NULL)))
  constraint webhook_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'abandoned'::text])))
  constraint webhook_job_fkey FOREIGN KEY (job_id) REFERENCES job(id) ON DELETE CASCADE
  constraint webhook_pkey PRIMARY KEY (job_id)
  CREATE INDEX webhook_delivered ON vidgen.webhook USING btree (host, delivered_at) WHERE (delivered_at IS NOT NULL)
  CREATE INDEX webhook_held_back ON vidgen.webhook USING btree (host, next_attempt_at) WHERE held_back
  CREATE INDEX webhook_held_back_of_key ON vidgen.webhook USING btree (api_key_id, next_attempt_at) WHERE held_back
  CREATE INDEX webhook_of_receiver ON vidgen.webhook USING btree (host, api_key_id, next_attempt_at) WHERE (status = 'pending'::text)
  CREATE INDEX webhook_pending ON vidgen.webhook USING btree (next_attempt_at) WHERE (status = 'pending'::text)
  CREATE INDEX webhook_undelivered ON vidgen.webhook USING btree (created_at) WHERE (status <> 'delivered'::text)

-- An address on this service that catches the webhooks of one key for an hour.
table vidgen.webhook_catcher
  token text not null
  api_key_id text not null
  url text not null
  created_at timestamp with time zone not null default clock_timestamp()
  expires_at timestamp with time zone not null default (clock_timestamp() + '01:00:00'::interval)
  constraint webhook_catcher_api_key_fkey FOREIGN KEY (api_key_id) REFERENCES api_key(id) ON DELETE CASCADE
  constraint webhook_catcher_pkey PRIMARY KEY (token)
  constraint webhook_catcher_one_per_key UNIQUE (api_key_id)
  constraint webhook_catcher_url_unique UNIQUE (url)
  CREATE INDEX webhook_catcher_by_age ON vidgen.webhook_catcher USING btree (expires_at)

function base64url(bytea) returns text

function check_job_move() returns trigger

function chunk_bytes() returns integer

function count_answer() returns trigger

function count_created_jobs() returns trigger

function count_deleted_jobs() returns trigger

function count_removed() returns trigger

function count_removed_answers() returns trigger

function count_stored() returns trigger

function flat_json(jsonb) returns json

function grant_retry_wish() returns trigger

function is_input(text) returns boolean

function lease_class() returns integer

function list_entry(text,text,text,text,integer,timestamp with time zone,timestamp with time zone,text,jsonb) returns text

function new_id() returns text

function notify_job_changed() returns trigger

function random_bytes() returns bytea

function touch_job() returns trigger

function trash_objects() returns trigger
