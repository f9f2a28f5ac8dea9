-- Pictures and audio files of jobs that ended long enough ago. A batch is at most 100 files and (except
-- for the first file) 256 MB: a short transaction, so that deleting ten thousand files makes nobody
-- wait.
create function api.expire_inputs(keep interval) returns integer
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with oldest as (
    select b.id, b.job_id, b.kind, b.size, b.created_at from vidgen.blob b join vidgen.job j on j.id = b.job_id
    where vidgen.is_input(b.kind) and b.created_at < now() - keep and j.finished_at < now() - keep
    -- In the order of the index blob_by_age: ordered by time alone, each batch would sort everything
    -- that is due.
    order by b.kind, b.created_at limit 100
  ), batch as (
    select id, job_id, sum(size) over (order by kind, created_at, id) - size as before from oldest
  ), gone as (
    delete from vidgen.blob b using batch where b.id = batch.id and batch.before < 256 * 1024 * 1024
      -- Unless a retry has given it to another job meanwhile.
      and b.job_id = batch.job_id
    returning 1
  )
  select count(*)::integer from gone
$$;
comment on function api.expire_inputs is 'Removes a batch of inputs past their retention; returns how many, 0 when none are left.';
