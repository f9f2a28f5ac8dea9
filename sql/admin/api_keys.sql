create view admin.api_keys as
select k.id, k.name, k.key_prefix, k.created_at, k.last_used_at, k.deactivated_at,
  (select j.id from vidgen.job j where j.api_key_id = k.id and j.status in ('PENDING', 'PROCESSING')) as active_job_id,
  coalesce((select c.jobs from vidgen.job_count c where c.api_key_id = k.id), 0) as jobs,
  (select count(*) from vidgen.job j where j.api_key_id = k.id and j.status = 'FAILED') as failed_jobs,
  coalesce((select s.bytes from vidgen.storage s where s.api_key_id = k.id), 0) as stored_bytes,
  -- Not the secret itself: the name of the key that sealed it (src/secrets.ts).
  coalesce(substring(k.webhook_secret from '^sealed:([^:]+):'), 'nothing yet') as secret_sealed_with,
  -- Null: the limit of the service.
  k.max_stored_bytes, k.max_file_mb, k.max_audio_minutes
from vidgen.api_key k
order by k.created_at;
comment on view admin.api_keys is 'The API keys with their use and storage, without secrets.';
