-- An object of strings and numbers, written without spaces, as row_to_json does.
create function api.flat_json(object jsonb) returns json language sql immutable parallel safe as $$
  select ('{' || coalesce(string_agg(to_json(key) || ':' || value, ',' order by place), '') || '}')::json
  from jsonb_each(object) with ordinality as member (key, value, place)
$$;
comment on function api.flat_json is 'A flat jsonb object as compact json.';
