-- The job has ended in this transaction. If it has a webhookUrl, its message is written now, with the
-- exact body of every attempt, and its delivery is queued.
create function api.announce_end(job_id text, public_url text) returns void language plpgsql volatile as $$
#variable_conflict use_column
begin
  insert into vidgen.webhook (job_id, api_key_id, url, body)
  select j.id, j.api_key_id, j.webhook_url, api.status_json(j, public_url)
  from vidgen.job j where j.id = announce_end.job_id and j.webhook_url is not null;
  if found then
    perform api.enqueue('deliver_webhook', job_id, now());
  end if;
end $$;
comment on function api.announce_end is 'Writes and queues the webhook of a job that has just ended. Part of complete_job and fail_job.';
