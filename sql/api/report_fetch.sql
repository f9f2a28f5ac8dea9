-- True while this process is to go on; false tells it to stop.
create function api.report_fetch(
  job_id text,
  process_id integer,
  kind text,
  fetched_bytes bigint,
  total_bytes bigint default null   -- null: unknown
) returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.source s set fetched_bytes = report_fetch.fetched_bytes, total_bytes = report_fetch.total_bytes
    where s.job_id = report_fetch.job_id and s.kind = report_fetch.kind and s.process_id = report_fetch.process_id
      and exists (select from vidgen.job j where j.id = s.job_id and j.status = 'PENDING');
  return found;
end $$;
comment on function api.report_fetch is 'Reports how much of a file was fetched; false when the job no longer waits for it.';
