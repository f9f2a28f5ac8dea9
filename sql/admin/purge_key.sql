-- For a customer who leaves: everything of a key, and the key itself. Without a number of jobs it only counts;
-- with that number, which proves that the count was read, it deletes. A job that is being rendered stops.
create function admin.purge_key(
  name text,
  confirm_jobs bigint default null  -- as counted before; null: count only
) returns table (jobs bigint, files bigint, bytes bigint, webhooks bigint, purged boolean)
language plpgsql volatile rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  key_id text;
  active_id text;
  counted record;
begin
  -- No job can be created for it from here on.
  select k.id into key_id from vidgen.api_key k where k.name = purge_key.name for update;
  if not found then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', name);
  end if;
  select
    (select count(*) from vidgen.job j where j.api_key_id = key_id) as jobs,
    (select count(*) from vidgen.blob b where b.api_key_id = key_id) as files,
    (select coalesce(sum(b.size), 0)::bigint from vidgen.blob b where b.api_key_id = key_id) as bytes,
    (select count(*) from vidgen.webhook w join vidgen.job j on j.id = w.job_id where j.api_key_id = key_id) as webhooks
  into counted;
  if purge_key.confirm_jobs is not null and purge_key.confirm_jobs <> counted.jobs then
    raise sqlstate 'VG409' using detail = 'count_differs',
      message = format('The API key "%s" has %s jobs, not %s: count again.', name, counted.jobs, purge_key.confirm_jobs);
  end if;
  if purge_key.confirm_jobs is not null then
    delete from vidgen.retry_wish w where w.api_key_id = key_id;
    select j.id into active_id from vidgen.job j where j.api_key_id = key_id and j.status in ('PENDING', 'PROCESSING');
    if found then
      perform api.cancel_job(key_id, active_id, true);
    end if;
    perform graphile_worker.remove_job('deliver_webhook:' || w.job_id)
      from vidgen.webhook w join vidgen.job j on j.id = w.job_id
      where j.api_key_id = key_id and w.status = 'pending';
    delete from vidgen.idempotency_key i where i.api_key_id = key_id;
    delete from vidgen.job j where j.api_key_id = key_id;
    delete from vidgen.api_key k where k.id = key_id;
    perform api.audit('purge_key', name, format('%s jobs, %s files, %s bytes', counted.jobs, counted.files, counted.bytes));
  end if;
  return query select counted.jobs, counted.files, counted.bytes, counted.webhooks, purge_key.confirm_jobs is not null;
end $$;
comment on function admin.purge_key is 'Counts what a key has; called again with that number of jobs, deletes all of it and the key, for good.';
