-- For requests that arrived together, as in api.get_job_status: counting each of them by itself costs more than
-- its page. Requests for the same page of the same key share it: it is read once. It is sent once, too, if the
-- caller asks for that, which a web process of version 1.0.0 does not.
create function api.list_jobs(
  api_key_ids text[],               -- for each request; null: it was refused
  page_sizes integer[],
  before_ids text[],                -- null: from the newest
  only_statuses text[],             -- null: all
  only_metadata jsonb[],            -- null: all; else jobs that contain all of it
  public_url text,
  sends_once boolean default false  -- whether one row holds the body for all requests that share it
) returns table (
  n integer,                        -- from 1
  body text,                        -- null: the row of body_n holds it
  body_n integer                    -- the n of a row that holds the body
) language plpgsql stable rows 10 security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  with page as (
    select array_agg(asked.n::integer) as ns,
      api.page_of_jobs(asked.api_key_id, asked.page_size, asked.before_id, asked.only_status, asked.metadata, public_url)
        as body
    from unnest(api_key_ids, page_sizes, before_ids, only_statuses, only_metadata)
      with ordinality as asked (api_key_id, page_size, before_id, only_status, metadata, n)
    where asked.api_key_id is not null
    group by asked.api_key_id, asked.page_size, asked.before_id, asked.only_status, asked.metadata
  )
  select asker.n, case when asker.n = page.ns[1] or not sends_once then page.body end, page.ns[1]
  from page, unnest(page.ns) as asker (n);
end $$;
comment on function api.list_jobs is 'GET /api/jobs: a page of each caller''s jobs, newest first, as the endpoint answers it.';
