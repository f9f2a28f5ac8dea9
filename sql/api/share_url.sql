create function api.share_url(job vidgen.job, public_url text) returns text language sql stable parallel safe as $$
  select case when api.is_shown(job)
    then public_url || '/share/' || job.share_token end
$$;
comment on function api.share_url is 'outputShareLink: the address of the share page, or null.';
