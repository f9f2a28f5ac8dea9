create function api.list_caught(api_key_id text, token text) returns json
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select row_to_json(answer) from (
    select
      c.url as "url",
      api.iso8601(c.expires_at) as "expiresAt",
      array_to_json(array(
        select row_to_json(caught) from (
          select w.job_id as "jobId", api.iso8601(w.received_at) as "receivedAt", w.headers as "headers", w.body as "body"
          from vidgen.caught_webhook w where w.token = c.token order by w.received_at desc) caught)) as "webhooks"
    from vidgen.webhook_catcher c
    where c.token = list_caught.token and c.api_key_id = list_caught.api_key_id and c.expires_at > now()
  ) answer
$$;
comment on function api.list_caught is 'GET /api/hooks/:token: what a catcher of this key received, newest first; null when it is not open.';
