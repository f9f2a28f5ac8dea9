-- Only the id travels, and the worker asks whether it still holds the job (api.holds_job): a lost or doubled
-- message does no harm, and the next report of progress tells as well.
create function api.tell_overtaken(job_id text) returns void language sql volatile as $$
  select pg_notify('attempt_overtaken', job_id)
$$;
comment on function api.tell_overtaken is 'Tells the worker that renders a job that it is not to. Part of the functions that take a job from it.';
