-- A job never leaves the state it ended in, because its caller has been told. So a new job is made from
-- its files, with everything it was submitted with; the webhook names the new id. The files move, so a
-- job can be remade once, and then only the job made from it.
create function api.remake_job(old_job vidgen.job, options jsonb, metadata jsonb, needs_renderer integer)
returns text language plpgsql volatile as $$
#variable_conflict use_column
declare
  new_id text;
  active_job_id text;
begin
  loop
    insert into vidgen.job (api_key_id, webhook_url, options, metadata, needs_renderer)
    values (old_job.api_key_id, old_job.webhook_url, remake_job.options, remake_job.metadata, remake_job.needs_renderer)
    on conflict (api_key_id) where status in ('PENDING', 'PROCESSING') do nothing
    returning id into new_id;
    exit when found;
    select j.id into active_job_id from vidgen.job j
      where j.api_key_id = old_job.api_key_id and j.status in ('PENDING', 'PROCESSING');
    -- Not found: that job ended between the two statements, so there is room now.
    if found then
      perform api.raise_active_job(active_job_id);
    end if;
  end loop;
  update vidgen.blob set job_id = new_id where job_id = old_job.id and vidgen.is_input(kind);
  update vidgen.source set job_id = new_id, process_id = null, tries = 0 where job_id = old_job.id;
  if (select count(*) from (
    select b.kind from vidgen.blob b where b.job_id = new_id union select s.kind from vidgen.source s where s.job_id = new_id
  ) input where input.kind in ('image', 'audio')) < 2 then
    raise sqlstate 'VG409' using detail = 'inputs_gone',
      message = 'The files of this job are gone: they expired, or went to an earlier retry. Submit them again.';
  end if;
  perform api.enqueue_render(new_id);
  return new_id;
end $$;
comment on function api.remake_job is 'Makes a new job from the files of an ended one and returns its id. Part of retry_job of api and admin.';
