-- What is known about a submission before its body is read: it repeats an earlier one (Idempotency-Key
-- within 24 h), the key already has an active job, or there is no room for what the request announces.
-- api.create_job decides the first two again. Room is checked only here. A web process receives one upload
-- of a key at a time (src/upload/uploads.ts), and this one counts as if it were stored already, so a key
-- exceeds its quota only by what it uploads to other web processes at the same moment, one submission to
-- each, by repetitions of an Idempotency-Key, of which one is kept, and by what its worker makes. What is on its way to this process for any key is subtracted from
-- max_total_bytes by the caller; other processes' uploads are not. A count in the database would hold over
-- processes, but a connection that breaks would leave its row behind and lock the key out.
create function api.check_submission(
  api_key_id text,
  idempotency_key text,                -- or null
  max_key_bytes bigint default null,   -- for a key without a limit of its own; null: no limit
  max_total_bytes bigint default null,
  announced_bytes bigint default 0,    -- of the request
  out replayed_job_id text,            -- or null
  out active_job_id text,              -- or null
  out no_room text,                    -- storage_quota_exceeded, storage_full or null
  out max_file_mb integer              -- of a file of this key; null: as the service says
) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select
    (select i.job_id from vidgen.idempotency_key i
      where i.api_key_id = check_submission.api_key_id and i.key = check_submission.idempotency_key
        and i.created_at > now() - interval '24 hours'),
    (select j.id from vidgen.job j
      where j.api_key_id = check_submission.api_key_id and j.status in ('PENDING', 'PROCESSING')),
    case
      -- Without a limit the comparison is null.
      when coalesce(k.max_stored_bytes, max_key_bytes) < greatest(announced_bytes, 1) + coalesce(
        (select s.bytes from vidgen.storage s where s.api_key_id = check_submission.api_key_id), 0)
        then 'storage_quota_exceeded'
      when max_total_bytes is not null and max_total_bytes < greatest(announced_bytes, 1)
        + coalesce((select sum(s.bytes) from vidgen.storage s), 0)
        then 'storage_full'
    end,
    k.max_file_mb
  from vidgen.api_key k where k.id = check_submission.api_key_id
$$;
comment on function api.check_submission is 'The job that a submission repeats, or the job that blocks it, or the quota that it exceeds (storage_quota_exceeded, storage_full). All null when it may go on.';
