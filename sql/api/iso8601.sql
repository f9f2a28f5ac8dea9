-- The text of a timestamp drops zeros at its end. The microsecond keeps all six digits there, of which the
-- first three are milliseconds: to_char, which could count them itself, takes twice as long.
create function api.iso8601(at timestamptz) returns text language sql stable parallel safe as $$
  select substr(to_json(date_trunc('milliseconds', at at time zone 'UTC') + interval '1 microsecond')::text, 2, 23) || 'Z'
$$;
comment on function api.iso8601 is 'A time in the API''s format: 2026-05-07T12:34:56.000Z.';
