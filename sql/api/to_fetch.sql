create function api.to_fetch(job_id text) returns boolean language sql stable as $$
  select exists (select from vidgen.source s where s.job_id = to_fetch.job_id
    and not exists (select from vidgen.blob b where b.job_id = s.job_id and b.kind = s.kind))
$$;
comment on function api.to_fetch is 'Whether a file of a job is still to be fetched from its address.';
