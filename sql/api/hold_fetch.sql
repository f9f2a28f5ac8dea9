-- Locks the job. A process that was taken for dead finds that another one fetches now; otherwise the job was
-- cancelled, or failed by an operator.
create function api.hold_fetch(job_id text, process_id integer) returns void language plpgsql volatile as $$
#variable_conflict use_column
begin
  perform from vidgen.job j where j.id = hold_fetch.job_id and j.status = 'PENDING'
    and exists (select from vidgen.source s where s.job_id = j.id and s.process_id = hold_fetch.process_id)
    for update;
  if not found then
    raise sqlstate 'VG409' using detail = 'attempt_overtaken',
      message = format('Process %s no longer fetches the files of job %s.', process_id, job_id);
  end if;
end $$;
comment on function api.hold_fetch is 'The fence of a fetch: refuses a write from a process that no longer fetches for the job.';
