-- From here on the file that the worker fetched belongs to the job. A later attempt, on any machine,
-- finds it and does not fetch it again.
create function api.attach_input(job_id text, attempt integer, kind text, blob_id text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  perform from vidgen.job j
    where j.id = attach_input.job_id and j.attempt = attach_input.attempt and j.status = 'PROCESSING' for update;
  if not found then
    perform api.raise_overtaken(job_id, attempt);
  end if;
  perform api.attach_blob(blob_id, job_id, kind);
end $$;
comment on function api.attach_input is 'Task render, when a file is given by its address: gives the fetched file to the job. Raises VG409 when overtaken.';
