-- True while this attempt still holds the job; false tells the worker to stop. Only COMPLETED sets 100,
-- and a late or repeated report never lowers progress.
create function api.set_progress(job_id text, attempt integer, percent integer)
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  update vidgen.job j set progress = greatest(j.progress, least(percent, 99))
    where j.id = set_progress.job_id and j.attempt = set_progress.attempt and j.status = 'PROCESSING';
  return found;
end $$;
comment on function api.set_progress is 'Reports the progress (0 to 99) of an attempt; false when it was overtaken.';
