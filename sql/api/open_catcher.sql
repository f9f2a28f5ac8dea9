-- Opening again extends the existing catcher at the same address, because a job may be on its way to it.
create function api.open_catcher(api_key_id text, origin text) returns json
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  catcher vidgen.webhook_catcher;
  new_token text := left(vidgen.base64url(vidgen.random_bytes()), 22);
begin
  delete from vidgen.webhook_catcher c where c.api_key_id = open_catcher.api_key_id and c.expires_at <= now();
  insert into vidgen.webhook_catcher as c (token, api_key_id, url)
  values (new_token, open_catcher.api_key_id, origin || '/hooks/' || new_token)
  on conflict (api_key_id) do update set expires_at = excluded.expires_at
  returning * into catcher;
  return (select row_to_json(answer) from (
    select catcher.url as "url", catcher.token as "token", api.iso8601(catcher.expires_at) as "expiresAt") answer);
end $$;
comment on function api.open_catcher is 'POST /api/hooks: the webhook catcher of a key, good for an hour from now.';
