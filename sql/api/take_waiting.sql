-- A worker goes on in a lane that has become free with what waits for the host: see api.end_delivery. If the
-- answer is lost, or the process dies, the message has no queue row: api.bury_process and api.tidy see to that.
create function api.take_waiting(host text, process_id integer)
returns table (
  job_id text, attempt integer, step integer, url text, body text, message_id text, api_key_id text,
  secrets text[]                    -- sealed, newest first (src/secrets.ts)
)
language plpgsql volatile rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  next constant text := api.next_waiting(host);
begin
  if next is null or not exists (select from vidgen.process p where p.id = take_waiting.process_id) then
    return;
  end if;
  return query select next, s.* from api.start_delivery(next, take_waiting.process_id) s;
end $$;
comment on function api.take_waiting is 'Task deliver_webhook goes on with the next delivery held back for a host: as begin_delivery; no row when none may go.';
