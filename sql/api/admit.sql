-- Counts a request against its client's limits, then finds out whose key it is. It counts before it
-- looks at the key, so that a flood of bad keys is limited too. Refusals come back as values, because
-- an exception would undo the counting. A read may be answered in the same statement:
--   select a.*, s.body from api.admit(…) a
--     left join lateral api.job_status(a.api_key_id, $job, $url) s on a.refusal is null
-- Before a write it is a statement of its own, so that this hot row is not locked during the work.
-- Windows begin with a client's first request and last a minute; a submission counts twice, against
-- both policies, and what is returned is the policy that has less left.
create function api.admit(
  client text,
  key_sha256 bytea,                 -- null: the header is missing
  is_submission boolean default false,
  request_limit integer default 600,
  submission_limit integer default 30,
  needs_key boolean default true
) returns table (
  api_key_id text,
  refusal text,                     -- null, rate_limited, api_key_missing or api_key_unknown
  rate_limit integer,
  remaining integer,
  reset_seconds integer             -- until the window ends, at least 1
) language plpgsql volatile as $$
#variable_conflict use_column
declare
  minute constant interval := '1 minute';
  counted timestamptz := clock_timestamp();
  used integer;
  began timestamptz;
  submission_used integer;
  submission_began timestamptz;
  seen timestamptz;
begin
  insert into vidgen.rate_limit as r (client, policy, window_start, hits)
  values (admit.client, 'requests', counted, 1)
  on conflict (client, policy) do update set
    hits = case when r.window_start <= counted - minute then 1 else r.hits + 1 end,
    window_start = case when r.window_start <= counted - minute then counted else r.window_start end
  returning r.hits, r.window_start into used, began;
  rate_limit := request_limit;

  if is_submission then
    insert into vidgen.rate_limit as r (client, policy, window_start, hits)
    values (admit.client, 'submissions', counted, 1)
    on conflict (client, policy) do update set
      hits = case when r.window_start <= counted - minute then 1 else r.hits + 1 end,
      window_start = case when r.window_start <= counted - minute then counted else r.window_start end
    returning r.hits, r.window_start into submission_used, submission_began;
    if submission_limit - submission_used < request_limit - used then
      rate_limit := submission_limit;
      used := submission_used;
      began := submission_began;
    end if;
  end if;

  remaining := greatest(rate_limit - used, 0);
  reset_seconds := greatest(ceil(extract(epoch from began + minute - counted)), 1);

  if used > rate_limit then
    refusal := 'rate_limited';
  elsif key_sha256 is not null then
    select k.id, k.last_used_at into api_key_id, seen
    from vidgen.api_key k
    where k.key_sha256 = admit.key_sha256 and k.deactivated_at is null;
    if api_key_id is null then
      refusal := case when needs_key then 'api_key_unknown' end;
    elsif seen is null or seen < counted - minute then
      update vidgen.api_key set last_used_at = counted where id = admit.api_key_id;
    end if;
  elsif needs_key then
    refusal := 'api_key_missing';
  end if;
  return next;
end $$;
comment on function api.admit is 'Counts a request against its client''s limits and finds the API key. Never raises for a refusal.';
