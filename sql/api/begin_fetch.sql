-- A worker begins to fetch the files that a job was given by address. The job stays PENDING, because it
-- cannot be rendered yet: its caller may still cancel it, and it fails without an attempt if a file cannot
-- be had. No row means that nothing is to be fetched: the job has ended, or has all its files.
create function api.begin_fetch(job_id text, process_id integer) returns table (
  sources jsonb,                    -- addresses by kind
  max_file_mb integer               -- of the key; null: as the service says
) language plpgsql volatile rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  tries integer;
begin
  perform from vidgen.process p where p.id = begin_fetch.process_id for key share;
  if not found then
    raise sqlstate 'VG409' using detail = 'process_gone',
      message = format('Process %s was taken for dead; it may not fetch files.', process_id);
  end if;

  -- As in api.claim_job: the job leaves the queue, and admin.resume_queue puts it back.
  perform from vidgen.queue_pause for share;
  if found then
    return;
  end if;

  select k.max_file_mb into max_file_mb
    from vidgen.job j join vidgen.api_key k on k.id = j.api_key_id
    where j.id = begin_fetch.job_id and j.status = 'PENDING' for update of j;
  if not found then
    return;
  end if;
  with begun as (
    update vidgen.source s
    set process_id = begin_fetch.process_id, tries = s.tries + 1, fetched_bytes = 0, total_bytes = null
    where s.job_id = begin_fetch.job_id
      and not exists (select from vidgen.blob b where b.job_id = s.job_id and b.kind = s.kind)
    returning s.kind, s.url, s.tries
  )
  select jsonb_object_agg(b.kind, b.url), max(b.tries) into sources, tries from begun b;
  if sources is null then
    perform api.enqueue_render(job_id);
    return;
  end if;
  -- Each earlier try ended without a word: its worker died or broke down.
  if tries > 3 then
    perform api.fail_fetch(job_id, process_id,
      'The files could not be fetched because of a fault on our side. Submit the job again, or upload the files.',
      'fetching broke off three times');
    return;
  end if;
  return next;
end $$;
comment on function api.begin_fetch is 'Task fetch_input starts. No row when there is nothing to fetch.';
