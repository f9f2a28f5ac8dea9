create view admin.api_keys as
select k.id, k.name, k.key_prefix, k.created_at, k.last_used_at, k.deactivated_at,
  (select j.id from vidgen.job j where j.api_key_id = k.id and j.status in ('PENDING', 'PROCESSING')) as active_job_id
from vidgen.api_key k
order by k.created_at;
comment on view admin.api_keys is 'The API keys, without anything secret.';
