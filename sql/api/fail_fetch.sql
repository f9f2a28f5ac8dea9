-- PENDING to FAILED: the job never was rendered, so it has no attempt.
create function api.fail_fetch(
  job_id text,
  process_id integer,
  error_message text,               -- for the caller: a sentence that tells what to do
  error_detail text default null    -- for operators
) returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform api.hold_fetch(job_id, process_id);
  update vidgen.job j set status = 'FAILED', finished_at = clock_timestamp(),
    error_message = fail_fetch.error_message, error_detail = fail_fetch.error_detail
  where j.id = fail_fetch.job_id;
  -- The message of a failure contains no video address, so it needs no public URL.
  perform api.announce_end(job_id, '');
end $$;
comment on function api.fail_fetch is 'Task fetch_input fails: FAILED with a reason, webhook sent. Raises VG409 when overtaken.';
