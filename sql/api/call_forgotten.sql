-- A delivery that is held back is called when another attempt for its host ends. An attempt whose worker
-- died never ends, and a call can be lost with its process, so the sweep looks every second for
-- deliveries that wait although their host has a free lane. Looking here, rather than calling when a
-- process is buried, also finds a delivery that is held back at that very moment because of attempts
-- that have just died.
-- It calls one at a time, for the reason given in api.call_waiting. The end of that attempt calls the
-- next, and the sweep fills the other lanes second by second. Hosts are locked in a fixed order.
create function api.call_forgotten() returns void language plpgsql volatile as $$
declare
  host text;
begin
  for host in select distinct w.host from vidgen.webhook w where w.held_back order by w.host loop
    exit when api.call_waiting(host);
  end loop;
end $$;
comment on function api.call_forgotten is 'Queues a delivery that is held back although its host has a free lane. Part of sweep.';
