-- The caller's metadata as the last key of an answer, and only where there is some: without it an answer is,
-- to the byte, what it was before there was metadata. No blanks around the colons: see api.status_json.
create function api.with_metadata(answer json, metadata jsonb) returns json language sql immutable parallel safe as $$
  select case when metadata is null then answer else
    (left(answer::text, -1) || ',"metadata":' || api.flat_json(metadata) || '}')::json end
$$;
comment on function api.with_metadata is 'Puts metadata at the end of an answer. Part of what shows a job.';
