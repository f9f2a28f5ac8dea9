-- The job of the first submission with an Idempotency-Key, provided that this one sends the same.
-- Otherwise the caller would mistake another job for the one it asked for.
create function api.replay_job(api_key_id text, idempotency_key text, fingerprint bytea)
returns text language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  first vidgen.idempotency_key;
begin
  select i.* into first from vidgen.idempotency_key i
    where i.api_key_id = replay_job.api_key_id and i.key = replay_job.idempotency_key;
  if first.fingerprint <> replay_job.fingerprint then
    raise sqlstate 'VG409' using detail = 'idempotency_key_reused',
      message = 'This Idempotency-Key was sent before with other fields or files. Send a new key for a new job.';
  end if;
  return first.job_id;
end $$;
comment on function api.replay_job is 'The job that an Idempotency-Key stands for; raises VG409 when the fingerprints differ. Part of create_job.';
