create function api.fail_job(
  job_id text,
  attempt integer,
  error_message text,               -- for the caller: a sentence that tells what to do
  error_detail text default null,   -- for operators
  outcome text default 'failed'
) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.job j set
    status = 'FAILED', process_id = null, finished_at = clock_timestamp(),
    error_message = fail_job.error_message, error_detail = fail_job.error_detail
  where j.id = fail_job.job_id and j.attempt = fail_job.attempt and j.status = 'PROCESSING';
  if not found then
    perform api.raise_overtaken(job_id, attempt);
  end if;
  perform api.end_attempt(job_id, attempt, outcome, error_detail);
  -- The message of a failure contains no video address, so it needs no public URL.
  perform api.announce_end(job_id, '');
end $$;
comment on function api.fail_job is 'Task render fails: FAILED with a reason, webhook sent. Raises VG409 when overtaken.';
