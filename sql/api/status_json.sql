-- The one place that knows the shape of a status: the endpoint, the streams and the webhook send it.
-- json, not jsonb: the order of the keys is the documented one.
create function api.status_json(job vidgen.job, public_url text) returns json language sql stable parallel safe as $$
  select json_build_object(
    'jobId', job.id,
    'status', job.status,
    'progress', job.progress,
    'outputVideo', api.output_url(job, public_url),
    'outputShareLink', api.share_url(job, public_url),
    'errorMessage', job.error_message,
    'createdAt', api.iso8601(job.created_at),
    'updatedAt', api.iso8601(job.updated_at)
  )
$$;
comment on function api.status_json is 'A job as GET /api/status/:jobId answers it.';
