-- Anyone with the token may see the video: the token is 128 random bits and part of the address.
create function api.find_media(share_token text, kind text)
returns table (
  id text, size bigint, sha256 text, content_type text,
  title text, finished_at timestamptz,  -- what a download is named by
  gone boolean,                     -- true: the columns of the file are null, or its owner has ended the sharing
  share_expires_at timestamptz      -- null: as long as the video is kept
)
language plpgsql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select b.id, b.size, encode(b.sha256, 'hex'), b.content_type,
    j.options ->> 'title', j.finished_at, not api.is_shown(j), j.share_expires_at
  from vidgen.job j
  left join vidgen.blob b on b.job_id = j.id and b.kind = find_media.kind
  where j.share_token = find_media.share_token and (b.id is not null or j.media_expired_at is not null);
end $$;
comment on function api.find_media is 'The video, poster or WebVTT behind a share token; no row when unknown, gone when retention removed it.';
