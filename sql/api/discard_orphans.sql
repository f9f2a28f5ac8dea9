-- Uploads and results that no job has taken over, of processes that are gone: buried by a sweep, or gone of
-- themselves. Two of them at a time, because their bytes may be many and the next sweep is a second away.
-- Not at once: vidgen doctor tries the storage without being registered.
create function api.discard_orphans() returns void
language sql volatile as $$
  delete from vidgen.blob where id in (
    select b.id from vidgen.blob b
    where b.job_id is null and b.created_at < now() - interval '10 seconds'
      and not exists (select from vidgen.process p where p.id = b.process_id)
    limit 2 for update skip locked)
$$;
comment on function api.discard_orphans is 'Removes files that dead processes left under way, two at a time. Part of sweep.';
