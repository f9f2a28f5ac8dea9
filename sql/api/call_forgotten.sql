-- Who is held back gets called by an attempt that ends. One whose worker died never ends, and a call can
-- be lost with its process: so the sweep looks every second whether somebody waits although there is
-- a lane. Looking, rather than calling when a process is buried, also finds the one that is being held
-- back at that very moment, because of attempts that have just died.
-- It calls one at a time, for the reason given in api.call_waiting; its end calls the next, and the
-- sweep fills the other lanes second by second. The hosts are locked in one order.
create function api.call_forgotten() returns void language plpgsql volatile as $$
declare
  host text;
begin
  for host in select distinct w.host from vidgen.webhook w where w.held_back order by w.host loop
    exit when api.call_waiting(host);
  end loop;
end $$;
comment on function api.call_forgotten is 'Queues a delivery that is held back although its host has a free lane. Part of sweep.';
