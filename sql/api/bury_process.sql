-- Everything that a process held is freed in this transaction. Its row goes first; a claim waits for
-- that and is then refused. Next come its jobs, before their queue rows, which is the order everywhere:
-- the jobs return to the queue or, after the third death in the same job, end FAILED. Queue rows are
-- unlocked before they are moved, because moving a locked row would add a second one. Files that no job
-- took over are left to api.discard_orphans, so that their bytes do not keep the jobs waiting.
create function api.bury_process(process_id integer, why text) returns integer language plpgsql volatile as $$
#variable_conflict use_column
declare
  pools text[];
  job record;
  freed integer := 0;
begin
  delete from vidgen.process p where p.id = bury_process.process_id returning p.queue_pools into pools;
  perform from vidgen.job j
    where j.process_id = bury_process.process_id and j.status = 'PROCESSING' order by j.id for update;
  perform graphile_worker.force_unlock_workers(pools);
  for job in
    select j.id, j.attempt, j.created_at from vidgen.job j
    where j.process_id = bury_process.process_id and j.status = 'PROCESSING' order by j.id
  loop
    freed := freed + 1;
    if why = 'worker died' and api.is_last_try(job.id) then
      perform api.fail_job(job.id, job.attempt,
        'Rendering stopped unexpectedly three times. The picture or the audio may be damaged: try other files.',
        'the worker died', 'worker died');
    else
      update vidgen.job j set status = 'PENDING', progress = 0, process_id = null where j.id = job.id;
      perform api.end_attempt(job.id, job.attempt,
        case why when 'worker died' then 'worker died' else 'released' end, why);
      perform api.enqueue_render(job.id, job.created_at);
    end if;
  end loop;
  -- What it sent without a queue row (api.end_delivery, api.take_waiting) waits for a lane again; the sweep calls it.
  update vidgen.webhook w set held_back = true from vidgen.delivery d
  where d.process_id = bury_process.process_id and d.duration_ms is null
    and w.job_id = d.job_id and w.status = 'pending' and w.attempts = d.attempt
    and not exists (select from graphile_worker.jobs q where q.key = 'deliver_webhook:' || w.job_id);
  return freed;
end $$;
comment on function api.bury_process is 'Frees the jobs and queue rows that a process held. Part of sweep and leave.';
