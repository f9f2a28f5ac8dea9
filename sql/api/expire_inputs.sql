-- Pictures and audio files of jobs that ended long enough ago. One batch, at most 100 files and (but for
-- the first) 256 MB: a short transaction, so that deleting ten thousand files is nobody's wait.
create function api.expire_inputs(keep interval) returns integer language sql volatile as $$
  with oldest as (
    select b.id, b.size, b.created_at from vidgen.blob b join vidgen.job j on j.id = b.job_id
    where b.kind in ('image', 'audio') and b.created_at < now() - keep and j.finished_at < now() - keep
    order by b.created_at limit 100
  ), batch as (
    select id, sum(size) over (order by created_at, id) - size as before from oldest
  ), gone as (
    delete from vidgen.blob b using batch where b.id = batch.id and batch.before < 256 * 1024 * 1024
    returning 1
  )
  select count(*)::integer from gone
$$;
comment on function api.expire_inputs is 'Removes a batch of inputs whose time is over; returns how many, 0 when all are done.';
