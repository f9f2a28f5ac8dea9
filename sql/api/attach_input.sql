-- From here on the file that the worker fetched belongs to the job: no other process fetches it again. With
-- the last one the job can be rendered, at the place of its arrival.
create function api.attach_input(job_id text, process_id integer, kind text, blob_id text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform api.hold_fetch(job_id, process_id);
  perform api.attach_blob(blob_id, job_id, kind);
  if not api.to_fetch(job_id) then
    perform api.enqueue_render(j.id, j.created_at) from vidgen.job j where j.id = attach_input.job_id;
  end if;
end $$;
comment on function api.attach_input is 'Task fetch_input: gives a fetched file to its job, and queues the rendering after the last. Raises VG409 when overtaken.';
