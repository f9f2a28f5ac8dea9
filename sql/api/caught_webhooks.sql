create function api.caught_webhooks(api_key_id text, token text) returns json
language sql stable as $$
  select json_build_object(
    'url', c.url,
    'expiresAt', api.iso8601(c.expires_at),
    'webhooks', coalesce((
      select json_agg(json_build_object(
        'jobId', w.job_id, 'receivedAt', api.iso8601(w.received_at), 'headers', w.headers, 'body', w.body
      ) order by w.received_at desc)
      from vidgen.caught_webhook w where w.token = c.token), '[]'))
  from vidgen.webhook_catcher c
  where c.token = caught_webhooks.token and c.api_key_id = caught_webhooks.api_key_id and c.expires_at > now()
$$;
comment on function api.caught_webhooks is 'GET /api/hooks/:token: what a catcher of this key received, newest first; null when it is not open.';
