create function api.find_share(share_token text)
returns table (
  gone boolean, width integer, height integer, audio_seconds double precision,
  finished_at timestamptz, size bigint,
  title text, artist text, description text,
  has_captions boolean, captions_language text,
  captions_shown boolean             -- from the start, because they are not in the picture
) language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
  select not api.is_shown(j), j.width, j.height, j.audio_seconds, j.finished_at, b.size,
    j.options ->> 'title', j.options ->> 'artist', j.options ->> 'description',
    exists (select from vidgen.blob c where c.job_id = j.id and c.kind = 'captions_vtt'),
    j.options ->> 'captionLanguage', j.options ->> 'captionStyle' is distinct from 'both'
  from vidgen.job j
  left join vidgen.blob b on b.job_id = j.id and b.kind = 'video'
  where j.share_token = find_share.share_token
$$;
comment on function api.find_share is 'What the share page shows about a video; no row when the token is unknown.';
