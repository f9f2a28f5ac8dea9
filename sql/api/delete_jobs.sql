-- The rows of jobs that ended very long ago, with their webhooks, deliveries and attempts. Only those
-- without files: these are removed before (api.expire_inputs, api.expire_videos), in batches of theirs.
-- And none whose message is still to be sent: at least once is the promise, however short the retention.
create function api.delete_jobs(keep interval) returns integer
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from vidgen.job where id in (
      select j.id from vidgen.job j
      where j.finished_at < now() - keep and not exists (select from vidgen.blob b where b.job_id = j.id)
        and not exists (select from vidgen.webhook w where w.job_id = j.id and w.status = 'pending')
      order by j.finished_at limit 200)
    returning 1
  )
  select count(*)::integer from gone
$$;
comment on function api.delete_jobs is 'Deletes a batch of jobs whose time is over; returns how many, 0 when all are done.';
