-- Videos with their posters and captions. The job stays and records when they went; its addresses answer
-- 410 from now on. A batch is at most 100 videos and (except for the first) 256 MB.
create function api.expire_videos(keep interval) returns integer
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with oldest as (
    select j.id, b.size, b.created_at from vidgen.blob b join vidgen.job j on j.id = b.job_id
    where b.kind = 'video' and b.created_at < now() - keep and j.finished_at < now() - keep
    order by b.created_at limit 100
  ), sums as (
    select id, sum(size) over (order by created_at, id) - size as before from oldest
  ), batch as (
    update vidgen.job j set media_expired_at = clock_timestamp()
    from sums where j.id = sums.id and sums.before < 256 * 1024 * 1024
    returning j.id
  ), gone as (
    delete from vidgen.blob b using batch where b.job_id = batch.id and not vidgen.is_input(b.kind)
  )
  select count(*)::integer from batch
$$;
comment on function api.expire_videos is 'Removes a batch of videos past their retention; returns how many, 0 when none are left.';
