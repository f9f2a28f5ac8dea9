create function api.moves(options jsonb) returns boolean language sql immutable parallel safe as $$
  select coalesce(options ->> 'motion', 'none') <> 'none' or coalesce(options ->> 'waveform', 'none') <> 'none'
$$;
comment on function api.moves is 'Whether a video moves, which takes longer to render. Part of seconds_left.';
