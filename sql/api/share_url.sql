create function api.share_url(job vidgen.job, public_url text) returns text language sql stable parallel safe as $$
  select case when job.status = 'COMPLETED' and job.media_expired_at is null
    then public_url || '/share/' || job.share_token end
$$;
comment on function api.share_url is 'outputShareLink: the address of the share page, or null.';
