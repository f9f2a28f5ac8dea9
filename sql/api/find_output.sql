-- Whoever has the token may see the video: it is 128 random bits and part of the address.
create function api.find_output(share_token text)
returns table (
  job_id text, gone boolean, video_blob_id text, poster_blob_id text,
  width integer, height integer, audio_seconds double precision, finished_at timestamptz
) language sql stable rows 1 as $$
  select j.id, j.media_expired_at is not null, v.id, p.id, j.width, j.height, j.audio_seconds, j.finished_at
  from vidgen.job j
  left join vidgen.blob v on v.job_id = j.id and v.kind = 'video'
  left join vidgen.blob p on p.job_id = j.id and p.kind = 'poster'
  where j.share_token = find_output.share_token
$$;
comment on function api.find_output is 'The video and poster behind a share token; no row when unknown, gone when retention took them.';
