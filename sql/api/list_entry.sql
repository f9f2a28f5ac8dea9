-- Whether sharing has ended depends on the time, so the row cannot know it.
create function api.list_entry(job vidgen.job) returns text language sql stable parallel safe as $$
  select case when job.share_expires_at <= now() then
    vidgen.list_entry(job.id, job.status, null, job.error_message, job.attempt, job.created_at, job.updated_at,
      job.webhook_url, job.metadata)
    else job.list_entry end
$$;
comment on function api.list_entry is 'A job as GET /api/jobs lists it; chr(1) stands for PUBLIC_URL. Part of page_of_jobs.';
