-- For after an outage of a receiver: messages of this last time that were given up or wait for a later try go
-- out now. Delivered messages are left alone. At most 500 at a time, so that the locks are short, starting with
-- those whose last try is longest ago: called again while it returns 500, it reaches all, even if the
-- receiver is still away.
create function admin.redeliver_since(since interval, host text default null) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  message record;
  queued integer := 0;
begin
  for message in
    select w.job_id, j.api_key_id from vidgen.webhook w join vidgen.job j on j.id = w.job_id
    -- Unlike clock_timestamp(), the same for all rows, so that the index is used.
    where w.created_at >= statement_timestamp() - redeliver_since.since
      and (redeliver_since.host is null or w.host = regexp_replace(lower(redeliver_since.host), '\.*(:[0-9]*)?$', ''))
      and (w.status = 'abandoned' or (w.status = 'pending' and w.next_attempt_at > clock_timestamp()))
    order by (select max(d.started_at) from vidgen.delivery d where d.job_id = w.job_id) nulls first,
      w.created_at
    limit 500
  loop
    perform api.redeliver_webhook(message.api_key_id, message.job_id);
    queued := queued + 1;
  end loop;
  if queued > 0 then
    perform api.audit('redeliver_since', host, format('%s messages of the last %s', queued, since));
  end if;
  return queued;
end $$;
comment on function admin.redeliver_since is 'Sends again what was not delivered within this time, to one host or all; returns how many, at most 500 a call.';
