-- When the disk of the database is full, counting fails, but what is only read can still be answered.
-- Writes fail by themselves.
create function api.admit_uncounted(
  key_sha256s text[],               -- for each request, hexadecimal; null: the header is missing
  most integer,                     -- the limit that the answers tell
  need_keys boolean default true
) returns table (
  n integer,                        -- from 1
  api_key_id text,                  -- null: unknown, or not looked up
  refusal text,                     -- null, api_key_missing or api_key_unknown
  rate_limit integer,
  remaining integer,
  reset_seconds integer
)
language sql stable rows 10 security definer set search_path = pg_catalog, pg_temp as $$
  select r.n::integer, k.id,
    case
      when not need_keys or k.id is not null then null
      when r.key_sha256 is null then 'api_key_missing'
      else 'api_key_unknown'
    end,
    admit_uncounted.most, admit_uncounted.most, 60
  from unnest(key_sha256s) with ordinality as r (key_sha256, n)
  left join vidgen.api_key k on k.key_sha256 = decode(r.key_sha256, 'hex') and k.deactivated_at is null
$$;
comment on function api.admit_uncounted is 'Like api.admit, without counting and without a write: for a full disk.';
