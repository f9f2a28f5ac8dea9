-- Makes the oldest wanted job of a key again, if the key is free. A wish that cannot be granted is dropped:
-- the files of its job are gone, or the key is deactivated.
create function api.grant_retry_wish(api_key_id text) returns text language plpgsql volatile as $$
#variable_conflict use_column
declare
  wanted vidgen.job;
  refusal text;
begin
  loop
    select j.* into wanted from vidgen.retry_wish w join vidgen.job j on j.id = w.job_id
      where w.api_key_id = grant_retry_wish.api_key_id order by w.job_id limit 1 for update of w;
    if not found or exists (select from vidgen.job j
        where j.api_key_id = grant_retry_wish.api_key_id and j.status in ('PENDING', 'PROCESSING')) then
      return null;
    end if;
    delete from vidgen.retry_wish w where w.job_id = wanted.id;
    if exists (select from vidgen.api_key k where k.id = wanted.api_key_id and k.deactivated_at is null) then
      begin
        return api.remake_job(wanted, wanted.options, wanted.metadata, wanted.needs_renderer);
      exception when sqlstate 'VG409' then
        get stacked diagnostics refusal = pg_exception_detail;
        -- The caller was faster: this wish comes after that job.
        if refusal = 'active_job_exists' then
          insert into vidgen.retry_wish (job_id, api_key_id) values (wanted.id, wanted.api_key_id);
          return null;
        end if;
      end;
    end if;
  end loop;
end $$;
comment on function api.grant_retry_wish is 'Makes the oldest wanted job of a key again; returns the new id, or null. Part of retry_since and of the end of a job.';
