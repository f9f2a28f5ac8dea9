-- One job of a list, written as text: a page has a hundred, and building each as a json value, field by
-- field, costs twice as much as all the rest of the page. What callers wrote is quoted by to_json; ids,
-- statuses and times hold nothing that would have to be. No spaces, as row_to_json has none.
create function api.listed_text(job vidgen.job, public_url text) returns text language sql stable parallel safe as $$
  select '{"id":"' || job.id || '","status":"' || job.status
    || '","outputVideo":' || coalesce(to_json(api.output_url(job, public_url))::text, 'null')
    || ',"outputShareLink":' || coalesce(to_json(api.share_url(job, public_url))::text, 'null')
    || ',"errorMessage":' || coalesce(to_json(job.error_message)::text, 'null')
    || ',"retries":' || greatest(job.attempt - 1, 0)
    || ',"createdAt":"' || api.iso8601(job.created_at)
    || '","updatedAt":"' || api.iso8601(job.updated_at)
    || '","webhookUrl":' || coalesce(to_json(job.webhook_url)::text, 'null')
    || case when job.metadata is null then '' else ',"metadata":' || api.flat_json(job.metadata) end || '}'
$$;
comment on function api.listed_text is 'A job as GET /api/jobs lists it. Part of page_of_jobs.';
