-- The one place that knows the shape of a status: the endpoint, the streams and the webhook send it.
-- json, not jsonb: the order of the keys is the documented one. And of a row, not json_build_object: that
-- one puts blanks around the colons, which would trip who looks for "status":"COMPLETED" with grep.
create function api.status_json(job vidgen.job, public_url text) returns json language sql stable parallel safe as $$
  select api.with_metadata(row_to_json(answer), job.metadata) from (
    select
      job.id as "jobId",
      job.status as "status",
      job.progress as "progress",
      api.output_url(job, public_url) as "outputVideo",
      api.share_url(job, public_url) as "outputShareLink",
      job.error_message as "errorMessage",
      api.iso8601(job.created_at) as "createdAt",
      api.iso8601(job.updated_at) as "updatedAt"
  ) answer
$$;
comment on function api.status_json is 'A job as GET /api/status/:jobId answers it.';
