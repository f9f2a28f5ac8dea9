create function api.iso8601(at timestamptz) returns text language sql stable parallel safe as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
comment on function api.iso8601 is 'A time in the API''s format: 2026-05-07T12:34:56.000Z.';
