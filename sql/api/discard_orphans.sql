-- Uploads and results that a dead process had under way and that no job has taken over. Few at a time, so
-- that each call is short. Whoever buried the process calls this; should it die too, api.tidy does it.
create function api.discard_orphans(process_id integer) returns integer
language sql volatile as $$
  with gone as (
    delete from vidgen.blob where id in (
      select b.id from vidgen.blob b
      where b.process_id = discard_orphans.process_id and b.job_id is null
        and not exists (select from vidgen.process p where p.id = b.process_id)
      limit 5 for update skip locked)
    returning 1
  )
  select count(*)::integer from gone
$$;
comment on function api.discard_orphans is 'Removes a few files that a dead process left; returns how many, 0 when none is left.';
