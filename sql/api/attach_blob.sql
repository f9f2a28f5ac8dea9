-- A blob belongs to its process until a job takes it over. From then on it lives as long as the job.
create function api.attach_blob(blob_id text, job_id text, kind text)
returns void language plpgsql volatile as $$
#variable_conflict use_column
begin
  update vidgen.blob b set job_id = j.id, api_key_id = j.api_key_id, kind = attach_blob.kind
    from vidgen.job j
    where j.id = attach_blob.job_id
      and b.id = attach_blob.blob_id and b.job_id is null and b.size is not null;
  if not found then
    -- The process that wrote it was taken for dead, and the sweep removed its blobs.
    perform api.raise_upload_lost();
  end if;
end $$;
comment on function api.attach_blob is 'Gives a complete blob to a job. Part of create_job and complete_job.';
