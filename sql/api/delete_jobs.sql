-- Deletes the rows of jobs that ended very long ago, with their webhooks, deliveries and attempts. Only
-- jobs without files: api.expire_inputs and api.expire_videos remove those first, in their own batches.
-- A job whose message is still to be sent stays: the promise is at least once, however short the
-- retention.
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
comment on function api.delete_jobs is 'Deletes a batch of jobs past their retention; returns how many, 0 when none are left.';
