-- The only place that knows the shape of a status, which the endpoint, the streams and the webhook send.
-- json, not jsonb, because the order of the keys is documented. row_to_json, not json_build_object,
-- because that puts spaces around the colons and would break a grep for "status":"COMPLETED".
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
