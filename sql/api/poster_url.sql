create function api.poster_url(job vidgen.job, public_url text) returns text language sql stable parallel safe as $$
  select case when api.is_shown(job)
    then public_url || '/media/' || job.share_token || '/poster.jpg' end
$$;
comment on function api.poster_url is 'The address of a video''s poster, or null.';
