-- For each file that was sent: what the store knows, and what the renderer has found so far.
-- jsonb, because api.job_json decides the order of the keys.
create function api.job_input(job_id text, facts jsonb) returns jsonb language sql stable as $$
  select coalesce(facts -> 'input', '{}') || coalesce(jsonb_object_agg(b.kind,
    jsonb_build_object('type', b.content_type, 'bytes', b.size, 'sha256', encode(b.sha256, 'hex'))
      || coalesce(facts -> 'input' -> b.kind, '{}')), '{}')
  from vidgen.blob b
  where b.job_id = job_input.job_id and vidgen.is_input(b.kind)
$$;
comment on function api.job_input is 'The files of a job by kind, with all that is known about them. Part of complete_job and job_json.';
