-- Postgres does not know the settings KEEP_INPUTS_HOURS and KEEP_VIDEOS_DAYS; the defaults here are theirs.
create function admin.expiring(
  within interval default '24 hours',
  keep_inputs interval default '24 hours',
  keep_videos interval default '30 days'
) returns table (api_key text, files bigint, bytes bigint, first_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.name, sum(e.files)::bigint, sum(e.bytes)::bigint, min(e.first_at)
  from (
    select b.api_key_id, count(*) as files, sum(b.size) as bytes, min(b.created_at) + keep_inputs as first_at
    from vidgen.blob b
    where b.job_id is not null and vidgen.is_input(b.kind) and b.created_at < now() + within - keep_inputs
    group by 1
    union all
    select b.api_key_id, count(*), sum(b.size), min(b.created_at) + keep_videos
    from vidgen.blob b
    where b.job_id is not null and b.kind in ('video', 'poster', 'captions_vtt')
      and b.created_at < now() + within - keep_videos
    group by 1) e
  join vidgen.api_key k on k.id = e.api_key_id
  group by k.name
  order by 3 desc
$$;
comment on function admin.expiring is 'What retention will delete soon, by API key: files, bytes, and when the first goes.';
