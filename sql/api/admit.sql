-- Counts requests against their clients' limits, then looks up their API keys. Counting comes first, so
-- that a flood of bad keys is limited too. Refusals are returned as values, because an exception would
-- undo the counting.
--
-- Requests come in batches of as many as arrived at a process while it waited for the previous batch.
-- Counting one by one, Postgres spends four fifths of its time on the overhead of statements and
-- commits. Each request is still counted separately: of three requests from a client with one left, one
-- passes. A read may be answered in the same statement; n is the request's place in the arrays:
--   with a as (select * from api.admit(…))
--   select a.*, s.body from a
--     left join api.get_job_status(array(select a.api_key_id from a order by a.n), $1, $2) s on s.n = a.n
-- Before a write it is a separate statement, so that these hot rows are not locked during the work.
--
-- One generic plan serves all calls. By default the planner makes a new plan for each call, to suit the
-- keys it sees, and that takes longer (0.5 ms) than everything else.
--
-- A window starts with a client's first request and lasts a minute. (A window in the future was started
-- before the clock was set back, and would not end for that long.) A submission counts against the limits
-- of submissions and of all requests. What is public (videos, share pages) needs no key and has a limit of
-- its own, so that neither a player's ranges use up a caller's requests nor the reverse. The result shows
-- the policy with less left, or, when both are used up, the one that resets later.
--
-- The row of a client with nothing left is only read, so a flood writes no more rows than the limit
-- allows. That also bounds what a long snapshot costs: while pg_dump runs, no row version can be
-- removed, and each count walks over all versions of its client's row (3 ms for 14,000 of them).
create function api.admit(
  clients text[],                   -- for each request
  key_sha256s text[],               -- for each request, hexadecimal; null: the header is missing
  policies text[] default '{requests}',  -- each counts against all of these: requests, submissions, redeliveries, public
  limits integer[] default '{600}',      -- of each policy
  need_keys boolean default true
) returns table (
  n integer,                        -- from 1
  api_key_id text,                  -- null: unknown, or not looked up
  refusal text,                     -- null, rate_limited, api_key_missing or api_key_unknown
  rate_limit integer,
  remaining integer,
  reset_seconds integer,            -- until the window ends, at least 1
  api_key_name text                 -- null, as api_key_id; for the log
)
language plpgsql volatile rows 10 security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  minute constant interval := '1 minute';
  counted constant timestamptz := clock_timestamp();
  hashes constant bytea[] := array(select decode(k, 'hex') from unnest(key_sha256s) k);
begin
  -- Skip locked: whatever holds the row is writing the same. Waiting here could deadlock.
  update vidgen.api_key k set last_used_at = counted
  where k.id in (
    select u.id from vidgen.api_key u
    where u.key_sha256 = any (hashes) and u.deactivated_at is null
      and (u.last_used_at is null or u.last_used_at < counted - minute)
    for no key update skip locked);

  return query
  with request as (
    select r.n::integer as n, r.client, r.key_sha256,
      row_number() over (partition by r.client order by r.n) as turn,
      count(*) over (partition by r.client) as together
    from unnest(clients, hashes) with ordinality as r (client, key_sha256, n)
  ),
  hit as (
    insert into vidgen.rate_limit as r (client, policy, window_start, hits)
    select q.client, p.policy, counted, count(*)
    from request q cross join unnest(policies) as p (policy)
    group by q.client, p.policy
    -- All batches lock in one order, so two that lock the same rows never deadlock.
    order by q.client, p.policy
    on conflict (client, policy) do update set
      hits = case when r.window_start between counted - minute and counted + minute then r.hits else 0 end
        + excluded.hits,
      window_start = case when r.window_start between counted - minute and counted + minute
        then r.window_start else counted end
    where r.hits < limits[array_position(policies, r.policy)]
      or r.window_start not between counted - minute and counted + minute
    returning r.client, r.policy, r.hits, r.window_start
  ),
  place as (
    select distinct on (q.n) q.n, q.key_sha256, p.most, p.most - u.used as left_over, e.reset
    from request q
    cross join unnest(policies, limits) as p (policy, most)
    left join hit h on h.client = q.client and h.policy = p.policy
    cross join lateral (select coalesce(h.hits - q.together + q.turn, p.most + 1) as used) u
    cross join lateral (
      select greatest(ceil(extract(epoch from
        coalesce(h.window_start, (
          select r.window_start from vidgen.rate_limit r where r.client = q.client and r.policy = p.policy
        ), counted) + minute - counted)), 1) as reset) e
    order by q.n, greatest(p.most - u.used, 0), e.reset desc
  )
  select p.n, k.id,
    case
      when p.left_over < 0 then 'rate_limited'
      when not need_keys or k.id is not null then null
      when p.key_sha256 is null then 'api_key_missing'
      else 'api_key_unknown'
    end,
    p.most, greatest(p.left_over, 0)::integer, p.reset::integer, k.name
  from place p
  -- The limit keeps this one look-up per request: a plain join is hashed, which reads all keys.
  left join lateral (
    select k.id, k.name from vidgen.api_key k
    where k.key_sha256 = p.key_sha256 and k.deactivated_at is null and p.left_over >= 0
    limit 1) k on true;
end $$;
comment on function api.admit is 'Counts requests against their clients'' limits and looks up their API keys. Never raises for a refusal.';
