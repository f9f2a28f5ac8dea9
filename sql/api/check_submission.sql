-- What can be said of a submission before its body is read: it repeats an earlier one
-- (Idempotency-Key within 24 h), the key is busy, or there is no room. Only a first look: api.create_job
-- decides about the first two. About room nobody does later: a key has one active job, so it goes beyond
-- its quota by that one at most, and what all may exceed together is one job for each key that is
-- sending just now. Reserving bytes that may never come would refuse more than it saves.
create function api.check_submission(
  api_key_id text,
  idempotency_key text,                -- or null
  max_key_bytes bigint default null,   -- null: no limit
  max_total_bytes bigint default null,
  out replayed_job_id text,            -- or null
  out active_job_id text,              -- or null
  out no_room text                     -- storage_quota_exceeded, storage_full or null
) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select
    (select i.job_id from vidgen.idempotency_key i
      where i.api_key_id = check_submission.api_key_id and i.key = check_submission.idempotency_key
        and i.created_at > now() - interval '24 hours'),
    (select j.id from vidgen.job j
      where j.api_key_id = check_submission.api_key_id and j.status in ('PENDING', 'PROCESSING')),
    case
      when max_key_bytes <= (select s.bytes from vidgen.storage s where s.api_key_id = check_submission.api_key_id)
        then 'storage_quota_exceeded'
      when max_total_bytes is not null and max_total_bytes <= (select sum(s.bytes) from vidgen.storage s)
        then 'storage_full'
    end
$$;
comment on function api.check_submission is 'The job that a submission repeats, or the one that blocks it, or which quota (storage_quota_exceeded, storage_full); nulls when it may go on.';
