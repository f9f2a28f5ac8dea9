-- An attempt that ends leaves a lane of its host and a lane of its key. In the same transaction the next message of
-- the same host and key takes both. No count changes by that, so nobody has to wait for a lock: neither the other
-- lanes of the host, nor those that begin deliveries, who see either the old attempt or the new one.
-- The message leaves the queue. Only a row that no worker has taken may go, and graphile-worker's own function looks
-- at that again under the row's lock.
create function api.next_in_lane(ended_job_id text, ended_attempt integer, process_id integer)
returns table (
  job_id text, attempt integer, step integer, url text, body text, message_id text, api_key_id text, secrets text[]
)
language plpgsql volatile rows 1 as $$
#variable_conflict use_column
declare
  lane record;
  next record;
begin
  select w.host, w.api_key_id into lane
  from vidgen.delivery d join vidgen.webhook w on w.job_id = d.job_id
  where d.job_id = ended_job_id and d.attempt = ended_attempt
    -- An older one has left its lanes before: see api.under_way.
    and d.started_at > now() - interval '30 seconds'
    and exists (select from vidgen.process p where p.id = next_in_lane.process_id);
  select w.job_id, w.held_back, q.id as queue_row into next
  from vidgen.webhook w left join graphile_worker.jobs q on q.key = 'deliver_webhook:' || w.job_id
  where w.host = lane.host and w.api_key_id = lane.api_key_id and w.status = 'pending' and w.next_attempt_at <= now()
    and (w.held_back or q.id is not null) and q.locked_at is null
  order by w.next_attempt_at limit 1 for update of w skip locked;
  -- A separate statement: it sees what was started before the message was locked.
  if not found or exists (select from api.under_way() u where u.job_id = next.job_id) then
    return;
  end if;
  perform graphile_worker.complete_jobs(array[next.queue_row]);
  if found or next.held_back then
    return query select next.job_id, s.* from api.start_delivery(next.job_id, next_in_lane.process_id) s;
  end if;
end $$;
comment on function api.next_in_lane is 'Starts the message of the same host and key that is due longest, in the lane of an attempt that has just ended; no row when there is none. Part of end_delivery.';
