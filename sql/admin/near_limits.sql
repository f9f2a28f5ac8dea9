-- Postgres does not know the settings of the processes: those of rates have their defaults here, those of
-- storage have none.
create function admin.near_limits(
  max_stored_bytes_per_key bigint default null,  -- for keys without a limit of their own
  max_stored_bytes bigint default null,
  rates jsonb default '{"requests": 600, "submissions": 30, "redeliveries": 60, "public": 6000, "passwords": 10}'
) returns table (what text, who text, used bigint, most bigint, percent integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.what, l.who, l.used, l.most, least(100.0 * l.used / l.most, 1000000)::integer
  from (
    select 'stored bytes', k.name, s.bytes, coalesce(k.max_stored_bytes, max_stored_bytes_per_key)
    from vidgen.api_key k join vidgen.storage s on s.api_key_id = k.id
    union all
    select 'stored bytes', 'all keys', (select sum(s.bytes)::bigint from vidgen.storage s), max_stored_bytes
    union all
    select r.policy || ' a minute', r.client, r.hits, (rates ->> r.policy)::bigint
    from vidgen.rate_limit r
    where r.window_start > clock_timestamp() - interval '1 minute') l (what, who, used, most)
  where l.used >= 0.8 * l.most
  order by 5 desc, 3 desc
$$;
comment on function admin.near_limits is 'Keys and clients that have used at least four fifths of a limit.';
