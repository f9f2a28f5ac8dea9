-- Locks the host, then the key of what it finds, in that order: see api.free_lanes. A message with an attempt
-- still under way is not next until that attempt ends, and one of a key that has all its lanes full not until
-- one of those ends.
create function api.next_waiting(host text) returns text language plpgsql volatile as $$
#variable_conflict use_column
declare
  there integer;
  full_keys text[];
  next vidgen.webhook;
begin
  perform api.lock_host(host);
  select sum(u.there), array_agg(u.api_key_id) filter (where u.everywhere >= api.lanes_of_key()) into there, full_keys
  from (
    select u.api_key_id, count(*) filter (where u.host = next_waiting.host) as there, count(*) as everywhere
    from api.under_way() u group by 1) u;
  if there >= api.lanes_of_host() then
    return null;
  end if;
  select h.* into next from vidgen.webhook h
  where h.held_back and h.host = next_waiting.host and h.api_key_id <> all (coalesce(full_keys, '{}'))
    and not exists (select from api.under_way() u where u.job_id = h.job_id)
  order by h.next_attempt_at limit 1;
  if not found or api.free_lanes(next_waiting.host, next.api_key_id) <= 0 then
    return null;
  end if;
  return next.job_id;
end $$;
comment on function api.next_waiting is 'The job whose delivery is held back longest for a host with a free lane, else null. Part of take_waiting and call_waiting.';
