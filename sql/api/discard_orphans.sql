-- Uploads and results that no job took over, of processes that are gone, whether buried by a sweep or
-- ended cleanly. Two at a time, because they may be large and the next sweep is a second away. They get
-- a grace period, because vidgen doctor tests the storage without registering as a process.
create function api.discard_orphans() returns void
language sql volatile as $$
  delete from vidgen.blob where id in (
    select b.id from vidgen.blob b
    where b.job_id is null and b.created_at < now() - interval '10 seconds'
      and not exists (select from vidgen.process p where p.id = b.process_id)
    limit 2 for update skip locked)
$$;
comment on function api.discard_orphans is 'Removes the unfinished files of dead processes, two at a time. Part of sweep.';
