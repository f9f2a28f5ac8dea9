// Generated from a migrated database by "npm run generate". Do not edit.

/** What each function takes and returns; those of admin have their schema in front. */
export type Functions = {
  /** Records that a queue pool runs in a process, so that the sweep can unlock its rows. */
  add_queue_pool: {
    takes: { process_id: number; pool: string };
    returns: void;
  };
  /** Counts requests against their clients' limits and looks up their API keys. Never raises for a refusal. */
  admit: {
    takes: { clients: (string | null)[]; key_sha256s: (string | null)[] | null; policies?: (string | null)[]; limits?: (number | null)[]; need_keys?: boolean };
    returns: { n: number; api_key_id: string | null; refusal: string | null; rate_limit: number; remaining: number; reset_seconds: number; api_key_name: string | null }[];
  };
  /** Like api.admit, without counting and without a write: for a full disk. */
  admit_uncounted: {
    takes: { key_sha256s: (string | null)[] | null; most: number; need_keys?: boolean };
    returns: { n: number; api_key_id: string | null; refusal: string | null; rate_limit: number; remaining: number; reset_seconds: number }[];
  };
  /** Writes and queues the webhook of a job that has just ended. Part of complete_job and fail_job. */
  announce_end: {
    takes: { job_id: string; public_url: string };
    returns: void;
  };
  /** Writes chunk n (from 0; 256 KiB, the last one shorter) of an unfinished file. */
  append_blob_chunk: {
    takes: { blob_id: string; n: number; bytes: Uint8Array };
    returns: void;
  };
  /** Writes chunk n (from 0) of a file that moves out of the bucket; does nothing when the file is gone. */
  append_returning_chunk: {
    takes: { blob_id: string; n: number; bytes: Uint8Array };
    returns: void;
  };
  /** The files of sql/migrations that this database has. */
  applied_migrations: {
    takes: Record<never, never>;
    returns: string[];
  };
  /** Gives a complete blob to a job. Part of create_job and complete_job. */
  attach_blob: {
    takes: { blob_id: string; job_id: string; kind: string };
    returns: void;
  };
  /** Task fetch_input: gives a fetched file to its job, and queues the rendering after the last. Raises VG409 when overtaken. */
  attach_input: {
    takes: { job_id: string; process_id: number; kind: string; blob_id: string };
    returns: void;
  };
  /** Notes what an operator has changed. Part of the functions of admin. */
  audit: {
    takes: { action: string; subject?: string | null; detail?: string | null };
    returns: void;
  };
  /** Tells the other processes that this one lives; false when it was taken for dead. */
  beat: {
    takes: { process_id: number };
    returns: boolean;
  };
  /** Creates a file of this process and returns its id; see append_blob_chunk, finish_blob. */
  begin_blob: {
    takes: { process_id: number; content_type: string };
    returns: string;
  };
  /** Task deliver_webhook starts: the message, the number of this attempt, the secrets (newest first). */
  begin_delivery: {
    takes: { job_id: string; process_id: number };
    returns: { attempt: number; step: number; url: string; body: string; message_id: string; api_key_id: string; secrets: string[] } | undefined;
  };
  /** Task fetch_input starts. No row when there is nothing to fetch. */
  begin_fetch: {
    takes: { job_id: string; process_id: number };
    returns: { sources: unknown; max_file_mb: number | null } | undefined;
  };
  /** A new object key for a file that moves into the bucket; see move_to_bucket. */
  begin_move: {
    takes: Record<never, never>;
    returns: string;
  };
  /** Creates a file in the bucket; returns its id and the key of its object. See finish_object, give_up_object. */
  begin_object: {
    takes: { process_id: number; content_type: string };
    returns: { id: string; object_key: string };
  };
  /** Frees the jobs and queue rows that a process held. Part of sweep and leave. */
  bury_process: {
    takes: { process_id: number; why: string };
    returns: number;
  };
  /** Queues a delivery that is held back although it has a free lane. Part of sweep. */
  call_forgotten: {
    takes: Record<never, never>;
    returns: void;
  };
  /** Task deliver_webhook ends: queues the next delivery held back for its host; false when none may go. */
  call_waiting: {
    takes: { host: string };
    returns: boolean;
  };
  /** DELETE /api/jobs/:jobId: cancels a caller's own PENDING job, by force also a PROCESSING one. Raises VG404, VG409. */
  cancel_job: {
    takes: { api_key_id: string; job_id: string; force?: boolean };
    returns: void;
  };
  /** Task deliver_webhook: stores the request in the catcher at its address; false when there is none. */
  catch_webhook: {
    takes: { job_id: string; headers: object };
    returns: boolean;
  };
  /** The job that a submission repeats, or the job that blocks it, or the quota that it exceeds (storage_quota_exceeded, storage_full). All null when it may go on. */
  check_submission: {
    takes: { api_key_id: string; idempotency_key: string | null; max_key_bytes?: number | string | null; max_total_bytes?: number | string | null; announced_bytes?: number | string };
    returns: { replayed_job_id: string | null; active_job_id: string | null; no_room: string | null; max_file_mb: number | null };
  };
  /** Task render starts: PENDING to PROCESSING. No row when the job is not available. */
  claim_job: {
    takes: { job_id: string; process_id: number; is_alone?: boolean; renderer?: number };
    returns: { attempt: number | null; image_blob_id: string; image_content_type: string; audio_blob_id: string; audio_content_type: string; waited_seconds: number; options: unknown; captions_blob_id: string; max_audio_minutes: number | null; api_key_name: string } | undefined;
  };
  /** Task render succeeds: stores the result and sends the webhook. Raises VG409 when overtaken. */
  complete_job: {
    takes: { job_id: string; attempt: number; video_blob_id: string; poster_blob_id: string; audio_seconds: number; render_seconds: number; width: number; height: number; public_url: string; facts?: object; captions_blob_id?: string | null };
    returns: void;
  };
  /** For vidgen doctor: how many workers and web processes are alive, how many workers rest, and whether rendering is paused. */
  count_workers: {
    takes: Record<never, never>;
    returns: { alive: number; is_paused: boolean; resting: number; webs: number };
  };
  /** POST /api/jobs: creates a PENDING job from uploaded blobs, or from addresses to fetch, and queues it. Raises VG409 when the key is busy. */
  create_job: {
    takes: { api_key_id: string; image_blob_id?: string | null; audio_blob_id?: string | null; webhook_url?: string | null; idempotency_key?: string | null; options?: object; metadata?: object | null; captions_blob_id?: string | null; needs_renderer?: number; fingerprint?: Uint8Array | null; sources?: object };
    returns: { job_id: string; replayed: boolean };
  };
  /** Deletes a batch of jobs past their retention; returns how many, 0 when none are left. */
  delete_jobs: {
    takes: { keep: string };
    returns: number;
  };
  /** DELETE /api/jobs/:jobId/video: removes the video of a caller's own COMPLETED job. Raises VG404, VG409. */
  delete_video: {
    takes: { api_key_id: string; job_id: string };
    returns: void;
  };
  /** Takes a job that will not be rendered out of the queue. */
  dequeue_render: {
    takes: { job_id: string };
    returns: void;
  };
  /** Removes files that no job has taken over, with their chunks. */
  discard_blobs: {
    takes: { blob_ids: (string | null)[] };
    returns: void;
  };
  /** Removes the unfinished files of dead processes, two at a time. Part of sweep. */
  discard_orphans: {
    takes: Record<never, never>;
    returns: void;
  };
  /** Records that the objects of these keys have been deleted. */
  empty_trash: {
    takes: { object_keys: (string | null)[] };
    returns: void;
  };
  /** Records how an attempt ended. Part of the functions that end one. */
  end_attempt: {
    takes: { job_id: string; attempt: number; outcome: string; detail?: string | null };
    returns: void;
  };
  /** Task deliver_webhook ends: records the attempt, and starts the next one that is due for its host. Else the row names a host for which one is held back (api.take_waiting, api.call_waiting), or there is none. */
  end_delivery: {
    takes: { process_id: number; ended_job_id: string; ended_attempt: number; duration_ms: number; status: number | null; error_class: string | null; error_message: string | null; response_head: string; retry_in_seconds: number | null; goes_on: boolean };
    returns: { waiting_host: string | null; job_id: string; attempt: number; step: number; url: string; body: string; message_id: string; api_key_id: string; secrets: string[] } | undefined;
  };
  /** Queues a task for a job, in the caller's transaction. */
  enqueue: {
    takes: { task: string; job_id: string; run_at: Date; key_prefix?: string | null };
    returns: void;
  };
  /** Queues a job to be rendered, or first its files to be fetched, in the caller's transaction. */
  enqueue_render: {
    takes: { job_id: string; run_at?: Date };
    returns: void;
  };
  /** Removes a batch of inputs past their retention; returns how many, 0 when none are left. */
  expire_inputs: {
    takes: { keep: string };
    returns: number;
  };
  /** Removes a batch of videos past their retention; returns how many, 0 when none are left. */
  expire_videos: {
    takes: { keep: string };
    returns: number;
  };
  /** Task fetch_input fails: FAILED with a reason, webhook sent. Raises VG409 when overtaken. */
  fail_fetch: {
    takes: { job_id: string; process_id: number; error_message: string; error_detail?: string | null };
    returns: void;
  };
  /** Task render fails: FAILED with a reason, webhook sent. Raises VG409 when overtaken. */
  fail_job: {
    takes: { job_id: string; attempt: number; error_message: string; error_detail?: string | null; outcome?: string };
    returns: void;
  };
  /** The video, poster or WebVTT behind a share token; no row when unknown, gone when retention removed it. */
  find_media: {
    takes: { share_token: string; kind: string };
    returns: { id: string; size: string; sha256: string; content_type: string; title: string; finished_at: Date; gone: boolean | null; share_expires_at: Date | null } | undefined;
  };
  /** What the share page shows about a video; no row when the token is unknown. */
  find_share: {
    takes: { share_token: string };
    returns: { gone: boolean; width: number; height: number; audio_seconds: number; finished_at: Date; size: string; title: string; artist: string; description: string; has_captions: boolean; captions_language: string; captions_shown: boolean } | undefined;
  };
  /** Declares a file complete: its chunks must add up to size. Raises VG500 upload_lost if not. */
  finish_blob: {
    takes: { blob_id: string; size: number | string; sha256: Uint8Array };
    returns: void;
  };
  /** Declares a file in the bucket complete. Raises VG500 upload_lost when it is gone. */
  finish_object: {
    takes: { blob_id: string; size: number | string; sha256: Uint8Array };
    returns: void;
  };
  /** Locks a receiver's host and a key, and returns how many more of its deliveries may go there at once. */
  free_lanes: {
    takes: { host: string; api_key_id: string | null };
    returns: number;
  };
  /** GET /api/jobs/:jobId: a caller's own job in full; no row when there is none. */
  get_job: {
    takes: { api_key_id: string; job_id: string; public_url: string; keep_videos: string };
    returns: { body: string } | undefined;
  };
  /** GET /api/status/:jobId: the status of the callers' own jobs; no row where there is none. */
  get_job_status: {
    takes: { api_key_ids: (string | null)[] | null; job_ids: (string | null)[]; public_url: string };
    returns: { n: number; body: string }[];
  };
  /** Jobs as GET /api/status/:jobId answers them, whatever active key they belong to: for streams and waits. */
  get_job_statuses: {
    takes: { job_ids: (string | null)[]; public_url: string };
    returns: { job_id: string; status: string; updated_at: string; body: string }[];
  };
  /** Removes a file whose write failed and marks its object for deletion. */
  give_up_object: {
    takes: { object_key: string };
    returns: void;
  };
  /** Makes the oldest wanted job of a key again; returns the new id, or null. Part of retry_since and of the end of a job. */
  grant_retry_wish: {
    takes: { api_key_id: string };
    returns: string | null;
  };
  /** Whether a worker lives whose machine has not failed at this job. */
  has_fresh_worker: {
    takes: { job_id: string };
    returns: boolean;
  };
  /** The fence of a fetch: refuses a write from a process that no longer fetches for the job. */
  hold_fetch: {
    takes: { job_id: string; process_id: number };
    returns: void;
  };
  /** Whether an attempt still holds its job, or was overtaken. */
  holds_job: {
    takes: { job_id: string; attempt: number };
    returns: boolean;
  };
  /** Whether a failure of the current attempt of a job would be its third. */
  is_last_try: {
    takes: { job_id: string };
    returns: boolean;
  };
  /** A time in the API's format: 2026-05-07T12:34:56.000Z. */
  iso8601: {
    takes: { at: Date };
    returns: string;
  };
  /** The files of a job by kind, with all that is known about them. Part of complete_job and job_json. */
  job_input: {
    takes: { job_id: string; facts: object };
    returns: unknown;
  };
  /** How many deliveries go to a host at once. See api.free_lanes. */
  lanes_of_host: {
    takes: Record<never, never>;
    returns: number;
  };
  /** How many deliveries go out for a key at once. See api.free_lanes. */
  lanes_of_key: {
    takes: Record<never, never>;
    returns: number;
  };
  /** A process ends: its row and its hold on jobs go. */
  leave: {
    takes: { process_id: number };
    returns: void;
  };
  /** GET /api/hooks/:token: what a catcher of this key received, newest first; null when it is not open. */
  list_caught: {
    takes: { api_key_id: string; token: string };
    returns: string | null;
  };
  /** GET /api/jobs/:jobId/webhooks: the delivery state of the webhook of a caller's own job; null when there is no such job. */
  list_deliveries: {
    takes: { api_key_id: string; job_id: string };
    returns: string | null;
  };
  /** GET /api/jobs: a page of each caller's jobs, newest first, as the endpoint answers it. */
  list_jobs: {
    takes: { api_key_ids: (string | null)[] | null; page_sizes: (number | null)[]; before_ids: (string | null)[] | null; only_statuses: (string | null)[] | null; only_metadata: (object | null)[] | null; public_url: string; sends_once?: boolean };
    returns: { n: number; body: string | null; body_n: number }[];
  };
  /** Until the end of the transaction no other starts deliveries to this host. See api.free_lanes. */
  lock_host: {
    takes: { host: string };
    returns: void;
  };
  /** GET /metrics: what waits and runs, by task. */
  measure_queue: {
    takes: Record<never, never>;
    returns: { task: string; waiting: number; running: number; oldest_seconds: number }[];
  };
  /** GET /metrics: living workers, the pause, retention, storage, and what keeps vacuum from its work. */
  measure_service: {
    takes: Record<never, never>;
    returns: { workers_alive: number; paused_seconds: number | null; last_tidy_at: Date | null; stored_bytes: string; database_bytes: string; dead_rows: string; most_dead_rows: string | null; oldest_snapshot_seconds: number | null };
  };
  /** Switches a file to its object in the bucket. False: it is gone or has moved already, and tidy will delete the object. */
  move_to_bucket: {
    takes: { blob_id: string; object_key: string };
    returns: boolean;
  };
  /** Switches a file to its chunks. False: it is gone or has moved already, or chunks are missing. */
  move_to_database: {
    takes: { blob_id: string; object_key: string | null };
    returns: boolean;
  };
  /** Starts the message of the same host and key that is due longest, in the lane of an attempt that has just ended; no row when there is none. Part of end_delivery. */
  next_in_lane: {
    takes: { ended_job_id: string; ended_attempt: number; process_id: number };
    returns: { job_id: string; attempt: number; step: number; url: string; body: string; message_id: string; api_key_id: string; secrets: string[] } | undefined;
  };
  /** The next file of a job that is not yet where it should be; no row when all are. */
  next_to_move: {
    takes: { to_bucket: boolean; after: string };
    returns: { id: string; size: string; sha256: string; content_type: string; object_key: string | null } | undefined;
  };
  /** The job whose delivery is held back longest for a host with a free lane, else null. Part of take_waiting and call_waiting. */
  next_waiting: {
    takes: { host: string };
    returns: string | null;
  };
  /** POST /api/hooks: the webhook catcher of a key, good for an hour from now. */
  open_catcher: {
    takes: { api_key_id: string; origin: string };
    returns: string;
  };
  /** A page of the jobs of one key, as GET /api/jobs answers it. Part of list_jobs. */
  page_of_jobs: {
    takes: { api_key_id: string; page_size: number; before_id: string; only_status: string; only_metadata: object; public_url: string };
    returns: string;
  };
  /** Refuses a second active job of a key and names the first. */
  raise_active_job: {
    takes: { active_job_id: string };
    returns: void;
  };
  /** The fence: refuses a write from an attempt that no longer holds the job. */
  raise_overtaken: {
    takes: { job_id: string; attempt: number };
    returns: void;
  };
  /** Refuses a file that was begun but is missing or incomplete. */
  raise_upload_lost: {
    takes: Record<never, never>;
    returns: void;
  };
  /** `take` bytes of chunk n after the first `skip`; null when the chunk is missing. */
  read_blob_chunk: {
    takes: { blob_id: string; n: number; skip: number; take: number };
    returns: Buffer | null;
  };
  /** Logs how an attempt ended, then delivered, abandoned, or queued again; false when that was recorded before. Part of end_delivery. */
  record_delivery: {
    takes: { job_id: string; attempt: number; duration_ms: number; status: number | null; error_class: string | null; error_message: string | null; response_head: string; retry_in_seconds: number | null };
    returns: boolean;
  };
  /** Task tidy has run to its end. */
  record_tidy: {
    takes: Record<never, never>;
    returns: void;
  };
  /** POST /api/jobs/:jobId/webhooks/redeliver: queues the webhook again; returns its id. Raises VG404, VG409. */
  redeliver_webhook: {
    takes: { api_key_id: string; job_id: string };
    returns: string;
  };
  /** Registers an API or worker process and takes its lease on this connection. */
  register_process: {
    takes: { kind: string; host: string; pid: number; version?: string | null; slots?: number | null; moving_slots?: number | null };
    returns: number;
  };
  /** Task fetch_input is handed back to the queue. Raises VG409 when overtaken. */
  release_fetch: {
    takes: { job_id: string; process_id: number; retry_in?: string };
    returns: void;
  };
  /** Returns a job to the queue; FAILED instead when a message is given and it was the last try. */
  release_job: {
    takes: { job_id: string; attempt: number; error_message?: string | null; error_detail?: string | null; retry_in?: string };
    returns: string;
  };
  /** The job that an Idempotency-Key stands for; raises VG409 when the fingerprints differ. Part of create_job. */
  replay_job: {
    takes: { api_key_id: string; idempotency_key: string; fingerprint: Uint8Array };
    returns: string;
  };
  /** Reports how much of a file was fetched; false when the job no longer waits for it. */
  report_fetch: {
    takes: { job_id: string; process_id: number; kind: string; fetched_bytes: number | string; total_bytes?: number | string | null };
    returns: boolean;
  };
  /** Notes that a worker takes no jobs because its machine cannot render, or that it does again. */
  rest: {
    takes: { process_id: number; resting: boolean };
    returns: void;
  };
  /** POST /api/jobs/:jobId/retry: a new job from the files of a FAILED or CANCELLED one; returns its id. */
  retry_job: {
    takes: { api_key_id: string; job_id: string; options?: object; metadata?: object | null; needs_renderer?: number };
    returns: string;
  };
  /** Replaces the secrets of a key with their sealed form; false when they have changed meanwhile. */
  seal_secrets: {
    takes: { api_key_id: string; webhook_secret: string | null; previous_webhook_secret: string | null; sealed_webhook_secret: string; sealed_previous_webhook_secret: string | null };
    returns: boolean;
  };
  /** Reports the progress (0 to 99) of an attempt; false when it was overtaken. */
  set_progress: {
    takes: { job_id: string; attempt: number; percent: number };
    returns: boolean;
  };
  /** Writes that an attempt has started, and returns what to send. Part of begin_delivery and take_waiting. */
  start_delivery: {
    takes: { job_id: string; process_id: number };
    returns: { attempt: number; step: number; url: string; body: string; message_id: string; api_key_id: string; secrets: string[] } | undefined;
  };
  /** Size in bytes, SHA-256 in hex, type and object (null: in chunks) of a complete file; no row when there is none. */
  stat_blob: {
    takes: { blob_id: string };
    returns: { size: string; sha256: string; content_type: string; object_key: string | null } | undefined;
  };
  /** Stores a small file of this process whole, and returns its id. */
  store_blob: {
    takes: { process_id: number; content_type: string; bytes: Uint8Array; sha256: Uint8Array };
    returns: string;
  };
  /** Frees the work of processes that died and returns them; when none has, calls a delivery they left waiting. */
  sweep: {
    takes: Record<never, never>;
    returns: { process_id: number; kind: string; host: string; pid: number; freed: number }[];
  };
  /** Keys of objects to delete, at most 500. No file can take them any more. */
  take_trash: {
    takes: Record<never, never>;
    returns: { object_key: string; unfinished: boolean }[];
  };
  /** Task deliver_webhook goes on with the next delivery held back for a host: as begin_delivery; no row when none may go. */
  take_waiting: {
    takes: { host: string; process_id: number };
    returns: { job_id: string; attempt: number; step: number; url: string; body: string; message_id: string; api_key_id: string; secrets: string[] } | undefined;
  };
  /** Task tidy: removes what has expired, queues again what was forgotten. */
  tidy: {
    takes: Record<never, never>;
    returns: void;
  };
  /** Whether a file of a job is still to be fetched from its address. */
  to_fetch: {
    takes: { job_id: string };
    returns: boolean;
  };
  /** GET /ops: whether this client may go on, and otherwise how long it must wait when it has guessed too often. */
  try_password: {
    takes: { client: string; is_right: boolean; tries_a_minute?: number };
    returns: { is_admitted: boolean; wait_seconds: number | null };
  };
  /** The deliveries that are being sent now: of which job, to which host, and for which key. */
  under_way: {
    takes: Record<never, never>;
    returns: { job_id: string; host: string; api_key_id: string }[];
  };
  /** Those of the given keys that belong to no file and are not in the trash. */
  unknown_objects: {
    takes: { object_keys: (string | null)[] };
    returns: string[];
  };
  /** Frees queue rows that a process holds without knowing it; returns how many. */
  unlock_lost_tasks: {
    takes: { process_id: number; running: (number | string | null)[] };
    returns: number;
  };
  /** Webhook secrets that are missing, or sealed with another key than this one. */
  unsealed_secrets: {
    takes: { key_name: string };
    returns: { api_key_id: string; webhook_secret: string | null; previous_webhook_secret: string | null }[];
  };
  /** PATCH /api/jobs/:jobId: when sharing ends. Raises VG404, VG409. */
  update_job: {
    takes: { api_key_id: string; job_id: string; share_expires_at: Date | null };
    returns: void;
  };
  /** A host whose deliveries are held back: that of this message, or another for which its key has some; else null. Part of end_delivery. */
  waiting_host: {
    takes: { job_id: string };
    returns: string | null;
  };
  /** Appends metadata to an answer. Part of the functions that show a job. */
  with_metadata: {
    takes: { answer: object; metadata: object };
    returns: string;
  };
  /** Accepts requests with a deactivated key again. Does nothing the second time. */
  'admin.activate_api_key': {
    takes: { name: string };
    returns: void;
  };
  /** Cancels a PENDING job, by force also a PROCESSING one; frees its key and sends no webhook. */
  'admin.cancel_job': {
    takes: { job_id: string; force?: boolean };
    returns: void;
  };
  /** Creates an API key and returns it, this once. Its webhook secret is made by a worker; "vidgen keys create" shows one. */
  'admin.create_api_key': {
    takes: { name: string; sealed_secret?: string | null; sealed_for?: string | null };
    returns: { id: string; api_key: string };
  };
  /** Refuses requests with a key from now on and ends its streams. Does nothing the second time. */
  'admin.deactivate_api_key': {
    takes: { name: string };
    returns: void;
  };
  /** What retention will delete soon, by API key: files, bytes, and when the first goes. */
  'admin.expiring': {
    takes: { within?: string; keep_inputs?: string; keep_videos?: string };
    returns: { api_key: string; files: string; bytes: string; first_at: Date }[];
  };
  /** Ends an active job as FAILED with a reason for the caller; frees its key and sends the webhook. */
  'admin.fail_job': {
    takes: { job_id: string; reason: string };
    returns: void;
  };
  /** Grants vidgen_web and vidgen_worker what their code calls. Part of vidgen migrate and of sql/roles.sql. */
  'admin.grant_rights': {
    takes: Record<never, never>;
    returns: void;
  };
  /** Keys and clients that have used at least four fifths of a limit. */
  'admin.near_limits': {
    takes: { max_stored_bytes_per_key?: number | string | null; max_stored_bytes?: number | string | null; rates?: object };
    returns: { what: string; who: string; used: string; most: string; percent: number }[];
  };
  /** An id for a new API key, for which its webhook secret can be sealed before the key is created. */
  'admin.new_api_key_id': {
    takes: Record<never, never>;
    returns: string;
  };
  /** Starts no more jobs until resume_queue. Does nothing the second time. */
  'admin.pause_queue': {
    takes: Record<never, never>;
    returns: void;
  };
  /** Deletes an ended job with all its files and deliveries, for good. */
  'admin.purge_job': {
    takes: { job_id: string };
    returns: void;
  };
  /** Counts what a key has; called again with that number of jobs, deletes all of it and the key, for good. */
  'admin.purge_key': {
    takes: { name: string; confirm_jobs?: number | string | null };
    returns: { jobs: string; files: string; bytes: string; webhooks: string; purged: boolean } | undefined;
  };
  /** Sends again what was not delivered within this time, to one host or all; returns how many, at most 500 a call. */
  'admin.redeliver_since': {
    takes: { since: string; host?: string | null };
    returns: number;
  };
  /** Sends the webhook of an ended job again, at once; returns its id, which stays the same. */
  'admin.redeliver_webhook': {
    takes: { job_id: string };
    returns: string;
  };
  /** Gives an API key another name; its value, jobs and limits stay. */
  'admin.rename_key': {
    takes: { name: string; new_name: string };
    returns: void;
  };
  /** Ends a pause; returns how many jobs were waiting. Does nothing the second time. */
  'admin.resume_queue': {
    takes: Record<never, never>;
    returns: number;
  };
  /** Makes a new job from the files of a FAILED one and returns its id; the old one stays FAILED. */
  'admin.retry_job': {
    takes: { job_id: string };
    returns: string;
  };
  /** Makes again what failed within this time, of one key or all: a row for each job; those of one key follow each other. */
  'admin.retry_since': {
    takes: { since: string; key?: string | null; reason?: string | null; dry_run?: boolean };
    returns: { job_id: string; api_key: string; finished_at: Date; error_message: string; outcome: string; new_job_id: string | null }[];
  };
  /** Gives an API key a new value, returned this once; the old value is refused from now on. */
  'admin.rotate_api_key': {
    takes: { name: string };
    returns: string;
  };
  /** Sets a new webhook secret, sealed by "vidgen keys rotate-secret"; the old one also signs until the grace ends. */
  'admin.rotate_webhook_secret': {
    takes: { name: string; sealed_secret: string; grace?: string };
    returns: { previous_valid_until: Date | null };
  };
  /** Sets what one key may store, send and render, from its next request on; null: as the service says. */
  'admin.set_limits': {
    takes: { name: string; max_stored_bytes: number | string | null; max_file_mb: number | null; max_audio_minutes: number | null };
    returns: void | null;
  };
};

/** How each function is read, once its arguments are in the place of the %: as a value or a row, or several. */
export const readings = {
  add_queue_pool: { as: 'value', statement: 'select api.add_queue_pool(%) as value' },
  admit: { as: 'rows', statement: 'select n, api_key_id, refusal, rate_limit, remaining, reset_seconds, api_key_name from api.admit(%)' },
  admit_uncounted: { as: 'rows', statement: 'select n, api_key_id, refusal, rate_limit, remaining, reset_seconds from api.admit_uncounted(%)' },
  announce_end: { as: 'value', statement: 'select api.announce_end(%) as value' },
  append_blob_chunk: { as: 'value', statement: 'select api.append_blob_chunk(%) as value' },
  append_returning_chunk: { as: 'value', statement: 'select api.append_returning_chunk(%) as value' },
  applied_migrations: { as: 'values', statement: 'select api.applied_migrations(%) as value' },
  attach_blob: { as: 'value', statement: 'select api.attach_blob(%) as value' },
  attach_input: { as: 'value', statement: 'select api.attach_input(%) as value' },
  audit: { as: 'value', statement: 'select api.audit(%) as value' },
  beat: { as: 'value', statement: 'select api.beat(%) as value' },
  begin_blob: { as: 'value', statement: 'select api.begin_blob(%) as value' },
  begin_delivery: { as: 'row', statement: 'select attempt, step, url, body, message_id, api_key_id, secrets from api.begin_delivery(%)' },
  begin_fetch: { as: 'row', statement: 'select sources, max_file_mb from api.begin_fetch(%)' },
  begin_move: { as: 'value', statement: 'select api.begin_move(%) as value' },
  begin_object: { as: 'row', statement: 'select id, object_key from api.begin_object(%)' },
  bury_process: { as: 'value', statement: 'select api.bury_process(%) as value' },
  call_forgotten: { as: 'value', statement: 'select api.call_forgotten(%) as value' },
  call_waiting: { as: 'value', statement: 'select api.call_waiting(%) as value' },
  cancel_job: { as: 'value', statement: 'select api.cancel_job(%) as value' },
  catch_webhook: { as: 'value', statement: 'select api.catch_webhook(%) as value' },
  check_submission: { as: 'row', statement: 'select replayed_job_id, active_job_id, no_room, max_file_mb from api.check_submission(%)' },
  claim_job: { as: 'row', statement: 'select attempt, image_blob_id, image_content_type, audio_blob_id, audio_content_type, waited_seconds, options, captions_blob_id, max_audio_minutes, api_key_name from api.claim_job(%)' },
  complete_job: { as: 'value', statement: 'select api.complete_job(%) as value' },
  count_workers: { as: 'row', statement: 'select alive, is_paused, resting, webs from api.count_workers(%)' },
  create_job: { as: 'row', statement: 'select job_id, replayed from api.create_job(%)' },
  delete_jobs: { as: 'value', statement: 'select api.delete_jobs(%) as value' },
  delete_video: { as: 'value', statement: 'select api.delete_video(%) as value' },
  dequeue_render: { as: 'value', statement: 'select api.dequeue_render(%) as value' },
  discard_blobs: { as: 'value', statement: 'select api.discard_blobs(%) as value' },
  discard_orphans: { as: 'value', statement: 'select api.discard_orphans(%) as value' },
  empty_trash: { as: 'value', statement: 'select api.empty_trash(%) as value' },
  end_attempt: { as: 'value', statement: 'select api.end_attempt(%) as value' },
  end_delivery: { as: 'row', statement: 'select waiting_host, job_id, attempt, step, url, body, message_id, api_key_id, secrets from api.end_delivery(%)' },
  enqueue: { as: 'value', statement: 'select api.enqueue(%) as value' },
  enqueue_render: { as: 'value', statement: 'select api.enqueue_render(%) as value' },
  expire_inputs: { as: 'value', statement: 'select api.expire_inputs(%) as value' },
  expire_videos: { as: 'value', statement: 'select api.expire_videos(%) as value' },
  fail_fetch: { as: 'value', statement: 'select api.fail_fetch(%) as value' },
  fail_job: { as: 'value', statement: 'select api.fail_job(%) as value' },
  find_media: { as: 'row', statement: 'select id, size, sha256, content_type, title, finished_at, gone, share_expires_at from api.find_media(%)' },
  find_share: { as: 'row', statement: 'select gone, width, height, audio_seconds, finished_at, size, title, artist, description, has_captions, captions_language, captions_shown from api.find_share(%)' },
  finish_blob: { as: 'value', statement: 'select api.finish_blob(%) as value' },
  finish_object: { as: 'value', statement: 'select api.finish_object(%) as value' },
  free_lanes: { as: 'value', statement: 'select api.free_lanes(%) as value' },
  get_job: { as: 'row', statement: 'select body::text from api.get_job(%)' },
  get_job_status: { as: 'rows', statement: 'select n, body::text from api.get_job_status(%)' },
  get_job_statuses: { as: 'rows', statement: 'select job_id, status, updated_at, body::text from api.get_job_statuses(%)' },
  give_up_object: { as: 'value', statement: 'select api.give_up_object(%) as value' },
  grant_retry_wish: { as: 'value', statement: 'select api.grant_retry_wish(%) as value' },
  has_fresh_worker: { as: 'value', statement: 'select api.has_fresh_worker(%) as value' },
  hold_fetch: { as: 'value', statement: 'select api.hold_fetch(%) as value' },
  holds_job: { as: 'value', statement: 'select api.holds_job(%) as value' },
  is_last_try: { as: 'value', statement: 'select api.is_last_try(%) as value' },
  iso8601: { as: 'value', statement: 'select api.iso8601(%) as value' },
  job_input: { as: 'value', statement: 'select api.job_input(%) as value' },
  lanes_of_host: { as: 'value', statement: 'select api.lanes_of_host(%) as value' },
  lanes_of_key: { as: 'value', statement: 'select api.lanes_of_key(%) as value' },
  leave: { as: 'value', statement: 'select api.leave(%) as value' },
  list_caught: { as: 'value', statement: 'select api.list_caught(%)::text as value' },
  list_deliveries: { as: 'value', statement: 'select api.list_deliveries(%)::text as value' },
  list_jobs: { as: 'rows', statement: 'select n, body, body_n from api.list_jobs(%)' },
  lock_host: { as: 'value', statement: 'select api.lock_host(%) as value' },
  measure_queue: { as: 'rows', statement: 'select task, waiting, running, oldest_seconds from api.measure_queue(%)' },
  measure_service: { as: 'row', statement: 'select workers_alive, paused_seconds, last_tidy_at, stored_bytes, database_bytes, dead_rows, most_dead_rows, oldest_snapshot_seconds from api.measure_service(%)' },
  move_to_bucket: { as: 'value', statement: 'select api.move_to_bucket(%) as value' },
  move_to_database: { as: 'value', statement: 'select api.move_to_database(%) as value' },
  next_in_lane: { as: 'row', statement: 'select job_id, attempt, step, url, body, message_id, api_key_id, secrets from api.next_in_lane(%)' },
  next_to_move: { as: 'row', statement: 'select id, size, sha256, content_type, object_key from api.next_to_move(%)' },
  next_waiting: { as: 'value', statement: 'select api.next_waiting(%) as value' },
  open_catcher: { as: 'value', statement: 'select api.open_catcher(%)::text as value' },
  page_of_jobs: { as: 'value', statement: 'select api.page_of_jobs(%) as value' },
  raise_active_job: { as: 'value', statement: 'select api.raise_active_job(%) as value' },
  raise_overtaken: { as: 'value', statement: 'select api.raise_overtaken(%) as value' },
  raise_upload_lost: { as: 'value', statement: 'select api.raise_upload_lost(%) as value' },
  read_blob_chunk: { as: 'value', statement: 'select api.read_blob_chunk(%) as value' },
  record_delivery: { as: 'value', statement: 'select api.record_delivery(%) as value' },
  record_tidy: { as: 'value', statement: 'select api.record_tidy(%) as value' },
  redeliver_webhook: { as: 'value', statement: 'select api.redeliver_webhook(%) as value' },
  register_process: { as: 'value', statement: 'select api.register_process(%) as value' },
  release_fetch: { as: 'value', statement: 'select api.release_fetch(%) as value' },
  release_job: { as: 'value', statement: 'select api.release_job(%) as value' },
  replay_job: { as: 'value', statement: 'select api.replay_job(%) as value' },
  report_fetch: { as: 'value', statement: 'select api.report_fetch(%) as value' },
  rest: { as: 'value', statement: 'select api.rest(%) as value' },
  retry_job: { as: 'value', statement: 'select api.retry_job(%) as value' },
  seal_secrets: { as: 'value', statement: 'select api.seal_secrets(%) as value' },
  set_progress: { as: 'value', statement: 'select api.set_progress(%) as value' },
  start_delivery: { as: 'row', statement: 'select attempt, step, url, body, message_id, api_key_id, secrets from api.start_delivery(%)' },
  stat_blob: { as: 'row', statement: 'select size, sha256, content_type, object_key from api.stat_blob(%)' },
  store_blob: { as: 'value', statement: 'select api.store_blob(%) as value' },
  sweep: { as: 'rows', statement: 'select process_id, kind, host, pid, freed from api.sweep(%)' },
  take_trash: { as: 'rows', statement: 'select object_key, unfinished from api.take_trash(%)' },
  take_waiting: { as: 'row', statement: 'select job_id, attempt, step, url, body, message_id, api_key_id, secrets from api.take_waiting(%)' },
  tidy: { as: 'value', statement: 'select api.tidy(%) as value' },
  to_fetch: { as: 'value', statement: 'select api.to_fetch(%) as value' },
  try_password: { as: 'row', statement: 'select is_admitted, wait_seconds from api.try_password(%)' },
  under_way: { as: 'rows', statement: 'select job_id, host, api_key_id from api.under_way(%)' },
  unknown_objects: { as: 'values', statement: 'select api.unknown_objects(%) as value' },
  unlock_lost_tasks: { as: 'value', statement: 'select api.unlock_lost_tasks(%) as value' },
  unsealed_secrets: { as: 'rows', statement: 'select api_key_id, webhook_secret, previous_webhook_secret from api.unsealed_secrets(%)' },
  update_job: { as: 'value', statement: 'select api.update_job(%) as value' },
  waiting_host: { as: 'value', statement: 'select api.waiting_host(%) as value' },
  with_metadata: { as: 'value', statement: 'select api.with_metadata(%)::text as value' },
  'admin.activate_api_key': { as: 'value', statement: 'select admin.activate_api_key(%) as value' },
  'admin.cancel_job': { as: 'value', statement: 'select admin.cancel_job(%) as value' },
  'admin.create_api_key': { as: 'row', statement: 'select id, api_key from admin.create_api_key(%)' },
  'admin.deactivate_api_key': { as: 'value', statement: 'select admin.deactivate_api_key(%) as value' },
  'admin.expiring': { as: 'rows', statement: 'select api_key, files, bytes, first_at from admin.expiring(%)' },
  'admin.fail_job': { as: 'value', statement: 'select admin.fail_job(%) as value' },
  'admin.grant_rights': { as: 'value', statement: 'select admin.grant_rights(%) as value' },
  'admin.near_limits': { as: 'rows', statement: 'select what, who, used, most, percent from admin.near_limits(%)' },
  'admin.new_api_key_id': { as: 'value', statement: 'select admin.new_api_key_id(%) as value' },
  'admin.pause_queue': { as: 'value', statement: 'select admin.pause_queue(%) as value' },
  'admin.purge_job': { as: 'value', statement: 'select admin.purge_job(%) as value' },
  'admin.purge_key': { as: 'row', statement: 'select jobs, files, bytes, webhooks, purged from admin.purge_key(%)' },
  'admin.redeliver_since': { as: 'value', statement: 'select admin.redeliver_since(%) as value' },
  'admin.redeliver_webhook': { as: 'value', statement: 'select admin.redeliver_webhook(%) as value' },
  'admin.rename_key': { as: 'value', statement: 'select admin.rename_key(%) as value' },
  'admin.resume_queue': { as: 'value', statement: 'select admin.resume_queue(%) as value' },
  'admin.retry_job': { as: 'value', statement: 'select admin.retry_job(%) as value' },
  'admin.retry_since': { as: 'rows', statement: 'select job_id, api_key, finished_at, error_message, outcome, new_job_id from admin.retry_since(%)' },
  'admin.rotate_api_key': { as: 'value', statement: 'select admin.rotate_api_key(%) as value' },
  'admin.rotate_webhook_secret': { as: 'row', statement: 'select previous_valid_until from admin.rotate_webhook_secret(%)' },
  'admin.set_limits': { as: 'value', statement: 'select admin.set_limits(%) as value' },
} as const;
