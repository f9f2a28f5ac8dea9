-- Adds the caller's metadata as the last key of an answer, and only if there is some: without it an
-- answer is the same, to the byte, as before metadata existed. For the missing spaces around colons see
-- api.status_json.
create function api.with_metadata(answer json, metadata jsonb) returns json language sql immutable parallel safe as $$
  select case when metadata is null then answer else
    (left(answer::text, -1) || ',"metadata":' || vidgen.flat_json(metadata) || '}')::json end
$$;
comment on function api.with_metadata is 'Appends metadata to an answer. Part of the functions that show a job.';
