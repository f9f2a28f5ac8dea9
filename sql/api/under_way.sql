-- A living process is sending it now. No attempt takes longer than 15 s. One that has not ended after 30
-- s still waits for its record to be written, or never will have one; either way its receiver is done
-- with it. There are few at any moment, and an index of their own finds them.
create function api.under_way() returns table (job_id text, host text, api_key_id text)
language sql stable parallel safe as $$
  select w.job_id, w.host, w.api_key_id
  from vidgen.delivery d join vidgen.webhook w on w.job_id = d.job_id
  where d.duration_ms is null and d.started_at > now() - interval '30 seconds'
    and exists (select from vidgen.process p where p.id = d.process_id)
$$;
comment on function api.under_way is 'The deliveries that are being sent now: of which job, to which host, and for which key.';
