-- Everything a process held is freed in this transaction: its row goes first (a claim waits for it and
-- then refuses), its jobs go back to the queue or, after the third death in the same job, end FAILED,
-- its queue rows are unlocked, the blobs nobody took over go.
create function api.bury_process(process_id integer, why text) returns integer language plpgsql volatile as $$
#variable_conflict use_column
declare
  pools text[];
  job record;
  freed integer := 0;
  -- A job that has killed this many workers is taken for the killer.
  deaths_allowed constant integer := 3;
begin
  delete from vidgen.process p where p.id = bury_process.process_id returning p.queue_pools into pools;
  if not found then
    return 0;
  end if;
  perform graphile_worker.force_unlock_workers(pools);
  for job in
    select j.id, j.attempt, j.created_at from vidgen.job j
    where j.process_id = bury_process.process_id and j.status = 'PROCESSING'
    order by j.id for update
  loop
    freed := freed + 1;
    if why = 'worker died' and deaths_allowed <= 1 + (
      select count(*) from vidgen.attempt a where a.job_id = job.id and a.outcome = 'worker died')
    then
      perform api.fail_job(job.id, job.attempt,
        'Rendering stopped unexpectedly three times. The picture or the audio may be damaged: try other files.',
        'the worker died in each of three attempts', 'worker died');
    else
      update vidgen.job j set status = 'PENDING', progress = 0, process_id = null where j.id = job.id;
      perform api.end_attempt(job.id, job.attempt,
        case why when 'worker died' then 'worker died' else 'released' end, why);
      perform api.enqueue('render', job.id, job.created_at);
    end if;
  end loop;
  delete from vidgen.blob b where b.process_id = bury_process.process_id and b.job_id is null;
  return freed;
end $$;
comment on function api.bury_process is 'Frees all that a process held. Part of sweep and leave.';
