-- The worker cannot go on and nothing of the job is to blame: it shuts down, or the storage is away.
create function api.release_fetch(job_id text, process_id integer, retry_in interval default '0')
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform api.hold_fetch(job_id, process_id);
  update vidgen.source s set process_id = null, tries = s.tries - 1
    where s.job_id = release_fetch.job_id and s.process_id = release_fetch.process_id and s.tries > 0;
  perform api.enqueue_render(job_id, clock_timestamp() + retry_in);
end $$;
comment on function api.release_fetch is 'Task fetch_input is handed back to the queue. Raises VG409 when overtaken.';
