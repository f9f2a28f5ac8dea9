-- A delivery that is held back is called when another attempt for its host or of its key ends. An attempt
-- whose worker died never ends, and a call can be lost with its process, so the sweep looks every second for
-- deliveries that wait although they have a free lane. Looking here, rather than calling when a
-- process is buried, also finds a delivery that is held back at that very moment because of attempts
-- that have just died.
-- It calls one at a time, for the reason given in api.call_waiting. The end of that attempt calls the
-- next, and the sweep fills the other lanes second by second. It looks without a lock, so that it locks only
-- the one host that it calls; call_waiting counts again.
create function api.call_forgotten() returns void language plpgsql volatile as $$
declare
  host text;
begin
  with taken as materialized (select u.* from api.under_way() u)
  select w.host into host from vidgen.webhook w
  where w.held_back
    and w.host <> all (array(select t.host from taken t group by 1 having count(*) >= api.lanes_of_host()))
    and w.api_key_id <> all (array(
      select t.api_key_id from taken t group by 1 having count(*) >= api.lanes_of_key()))
    and not exists (select from taken t where t.job_id = w.job_id)
  order by w.host, w.next_attempt_at limit 1;
  if found then
    perform api.call_waiting(host);
  end if;
end $$;
comment on function api.call_forgotten is 'Queues a delivery that is held back although it has a free lane. Part of sweep.';
