-- For after an outage: what failed within this last time is made again. A key has one active job, so of each key the
-- oldest starts at once, or when its active job ends, and each of the others when the one before it ends.
-- A job that was made again before has no files left, so calling this twice does no harm.
create function admin.retry_since(
  since interval,
  key text default null,            -- the name of an API key; null: all
  reason text default null,         -- part of error_message or error_detail; null: any
  dry_run boolean default false
) returns table (
  job_id text, api_key text, finished_at timestamptz, error_message text,
  outcome text,                     -- made, waits (for the job before it), would be made, would wait
  new_job_id text                   -- null unless made
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  failed record;
begin
  if key is not null and not exists (select from vidgen.api_key k where k.name = retry_since.key) then
    raise sqlstate 'VG404' using detail = 'api_key_not_found',
      message = format('There is no API key named "%s".', key);
  end if;
  for failed in
    select j.id, j.api_key_id, k.name, j.finished_at, j.error_message,
      row_number() over (partition by j.api_key_id order by j.id) = 1 and not exists (
        select from vidgen.job a where a.api_key_id = j.api_key_id and a.status in ('PENDING', 'PROCESSING')) as is_first
    from vidgen.job j join vidgen.api_key k on k.id = j.api_key_id
    -- Unlike clock_timestamp(), the same for all rows, so that the index is used.
    where j.status = 'FAILED' and j.finished_at >= statement_timestamp() - retry_since.since
      and k.deactivated_at is null and (retry_since.key is null or k.name = retry_since.key)
      and (retry_since.reason is null
        or position(lower(retry_since.reason) in lower(concat_ws(' ', j.error_message, j.error_detail))) > 0)
      and 2 = (select count(*) from (
        select b.kind from vidgen.blob b where b.job_id = j.id
        union select s.kind from vidgen.source s where s.job_id = j.id) input where input.kind in ('image', 'audio'))
    order by j.id
  loop
    job_id := failed.id; api_key := failed.name; finished_at := failed.finished_at;
    error_message := failed.error_message; new_job_id := null;
    outcome := case when failed.is_first then 'would be made' else 'would wait' end;
    if not dry_run then
      insert into vidgen.retry_wish (job_id, api_key_id) values (failed.id, failed.api_key_id) on conflict do nothing;
      if failed.is_first then
        new_job_id := api.grant_retry_wish(failed.api_key_id);
      end if;
      outcome := case when new_job_id is null then 'waits' else 'made' end;
      perform api.audit('retry_since', failed.id, 'of the last ' || since || coalesce(', made ' || new_job_id, ', waits'));
    end if;
    return next;
  end loop;
end $$;
comment on function admin.retry_since is 'Makes again what failed within this time, of one key or all: a row for each job; those of one key follow each other.';
