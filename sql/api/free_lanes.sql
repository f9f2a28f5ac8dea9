-- How many more deliveries may be sent at once, to a host and for a key. Five go to a host, whatever its port:
-- a host that answers in 50 ms still gets 100 a second. Ten go out for a key, whatever the hosts: names are
-- free, so one key could otherwise fill a worker, which sends 50 at a time (worker/main.ts), with receivers
-- that hang. Hosts are told apart by name and not by IP address, because the receivers of many customers share
-- the addresses of a few platforms, and one that hangs would hold up all the others there.
-- The locks are held to the end of the transaction, so the counts are exact across all processes. An attempt
-- that ends does not take them: if a delivery is held back at that moment although a lane has become free, the
-- sweep calls it (api.call_forgotten).
-- Lock at most one host and one key in a transaction, in this order, and before the row of a webhook: that
-- prevents deadlocks.
create function api.free_lanes(
  host text,
  api_key_id text                   -- null: the host alone
) returns integer language plpgsql volatile as $$
#variable_conflict use_column
begin
  perform api.lock_host(host);
  if free_lanes.api_key_id is not null then
    perform pg_advisory_xact_lock(8671003, hashtext(free_lanes.api_key_id));
  end if;
  -- A separate statement: it sees what was started while the locks were waited for.
  return (
    select least(
      api.lanes_of_host() - count(*) filter (where u.host = free_lanes.host),
      api.lanes_of_key() - count(*) filter (where u.api_key_id = free_lanes.api_key_id))
    from api.under_way() u);
end $$;
comment on function api.free_lanes is 'Locks a receiver''s host and a key, and returns how many more of its deliveries may go there at once.';
