create function api.output_url(job vidgen.job, public_url text) returns text language sql stable parallel safe as $$
  select case when api.is_shown(job)
    then public_url || '/media/' || job.share_token || '/video.mp4' end
$$;
comment on function api.output_url is 'outputVideo: the address of the video, or null.';
