create function api.captions_url(job vidgen.job, public_url text) returns text language sql stable parallel safe as $$
  select case when api.is_shown(job)
      and exists (select from vidgen.blob b where b.job_id = job.id and b.kind = 'captions_vtt')
    then public_url || '/media/' || job.share_token || '/captions.vtt' end
$$;
comment on function api.captions_url is 'The address of a video''s captions as WebVTT, or null when it has none.';
