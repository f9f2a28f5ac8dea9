-- Whether the addresses of a job's video work: it is there, and its owner shares it still.
create function api.is_shown(job vidgen.job) returns boolean language sql stable parallel safe as $$
  select job.status = 'COMPLETED' and job.media_expired_at is null
    and (job.share_expires_at is null or job.share_expires_at > now())
$$;
comment on function api.is_shown is 'Whether the addresses of a video work. Part of the functions that show a job.';
