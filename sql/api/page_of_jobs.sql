-- Newest first, by key-set: a page starts below the cursor, which is the id of the last job on the
-- previous page. New jobs come above it, so a walk sees every older job exactly once. Fetching one row
-- more than a page shows whether another page follows.
-- Each filter has its own branch rather than one clever condition. The two branches without metadata are
-- index scans that stop after a page, whatever plan the server caches: the order by bytes ("C") matches
-- only the two indexes made for it.
create function api.page_of_jobs(
  api_key_id text,
  page_size integer,
  before_id text,
  only_status text,
  only_metadata jsonb,
  public_url text
) returns text language plpgsql stable as $$
#variable_conflict use_column
declare
  page text[];
  has_next boolean;
  below constant text := coalesce(before_id, 'd');  -- every id begins with c
begin
  if only_metadata is not null then
    -- Few jobs match, however old they are: their own index finds them, and they are sorted after.
    page := array(
      select api.list_entry(j) from vidgen.job j
      where j.metadata @> only_metadata and j.api_key_id = page_of_jobs.api_key_id
        and (only_status is null or j.status = only_status) and j.id collate "C" < below
      order by j.id collate "C" desc limit page_size + 1);
  elsif only_status is null then
    page := array(
      select api.list_entry(j) from vidgen.job j
      where j.api_key_id = page_of_jobs.api_key_id and j.id collate "C" < below
      order by j.id collate "C" desc limit page_size + 1);
  else
    page := array(
      select api.list_entry(j) from vidgen.job j
      where j.api_key_id = page_of_jobs.api_key_id and j.status = only_status and j.id collate "C" < below
      order by j.id collate "C" desc limit page_size + 1);
  end if;
  has_next := cardinality(page) > page_size;
  -- A page is long, so it is copied once: what follows it is put together first. An entry begins with its id.
  return '{"jobs":[' || replace(array_to_string(page[1:page_size], ','), chr(1), public_url) || (
    '],"pagination":{"limit":' || page_size
    || ',"nextCursor":' || case when has_next then '"' || split_part(page[page_size], '"', 4) || '"' else 'null' end
    || ',"hasNextPage":' || has_next || '}}');
end $$;
comment on function api.page_of_jobs is 'A page of the jobs of one key, as GET /api/jobs answers it. Part of list_jobs.';
