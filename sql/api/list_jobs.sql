-- Newest first, by key-set: a page starts below the cursor, which is the id of the last job on the
-- previous page. New jobs come above it, so a walk sees every older job exactly once. Fetching one row
-- more than a page shows whether another page follows.
-- Each filter has its own branch rather than one clever condition. The two branches without metadata are
-- index scans that stop after a page, whatever plan the server caches: the order by bytes ("C") matches
-- only the two indexes made for it.
create function api.list_jobs(
  api_key_id text,
  page_size integer,
  before_id text,                   -- null: from the newest
  only_status text,                 -- null: all
  public_url text,
  only_metadata jsonb default null  -- null: all; else jobs that contain all of it
) returns json language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  page vidgen.job[];
  below constant text := coalesce(before_id, 'd');  -- every id begins with c
begin
  if only_metadata is not null then
    -- Few jobs match, however old they are: their own index finds them, and they are sorted after.
    page := array(
      select j from vidgen.job j
      where j.metadata @> only_metadata and j.api_key_id = list_jobs.api_key_id
        and (only_status is null or j.status = only_status) and j.id collate "C" < below
      order by j.id collate "C" desc limit page_size + 1);
  elsif only_status is null then
    page := array(
      select j from vidgen.job j
      where j.api_key_id = list_jobs.api_key_id and j.id collate "C" < below
      order by j.id collate "C" desc limit page_size + 1);
  else
    page := array(
      select j from vidgen.job j
      where j.api_key_id = list_jobs.api_key_id and j.status = only_status and j.id collate "C" < below
      order by j.id collate "C" desc limit page_size + 1);
  end if;
  return (select row_to_json(answer) from (
    select
      array_to_json(array(
        select api.with_metadata(row_to_json(listed), j.metadata)
        from unnest(page[1:page_size]) j cross join lateral (
          select
            j.id as "id",
            j.status as "status",
            api.output_url(j, public_url) as "outputVideo",
            api.share_url(j, public_url) as "outputShareLink",
            j.error_message as "errorMessage",
            greatest(j.attempt - 1, 0) as "retries",
            api.iso8601(j.created_at) as "createdAt",
            api.iso8601(j.updated_at) as "updatedAt",
            j.webhook_url as "webhookUrl"
        ) listed
        order by j.id collate "C" desc)) as "jobs",
      (select row_to_json(pagination) from (
        select
          page_size as "limit",
          case when cardinality(page) > page_size then (page[page_size]).id end as "nextCursor",
          cardinality(page) > page_size as "hasNextPage"
      ) pagination) as "pagination"
  ) answer);
end $$;
comment on function api.list_jobs is 'GET /api/jobs: a page of the caller''s jobs, newest first, as the endpoint answers it.';
