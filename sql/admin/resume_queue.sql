-- Jobs that would have been claimed during the pause have left the queue; they return to the place of
-- their arrival. The flag goes first: a claim that comes now waits for this transaction and then
-- continues, so that no job falls between the two.
create function admin.resume_queue() returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  job record;
  waiting integer := 0;
begin
  delete from vidgen.queue_pause;
  if not found then
    return 0;
  end if;
  for job in select j.id, j.created_at from vidgen.job j where j.status = 'PENDING' order by j.id loop
    perform api.enqueue_render(job.id, job.created_at);
    waiting := waiting + 1;
  end loop;
  perform api.audit('resume_queue', null, format('%s jobs waited', waiting));
  return waiting;
end $$;
comment on function admin.resume_queue is 'Ends a pause; returns how many jobs were waiting. Does nothing the second time.';
