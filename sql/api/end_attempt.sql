create function api.end_attempt(job_id text, attempt integer, outcome text, detail text default null)
returns void language sql volatile as $$
  update vidgen.attempt a set ended_at = clock_timestamp(), outcome = end_attempt.outcome, detail = end_attempt.detail
  where a.job_id = end_attempt.job_id and a.attempt = end_attempt.attempt
$$;
comment on function api.end_attempt is 'Records how an attempt ended. Part of the functions that end one.';
