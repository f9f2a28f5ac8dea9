create function api.lanes_of_key() returns integer language sql immutable parallel safe as 'select 10';
comment on function api.lanes_of_key is 'How many deliveries go out for a key at once. See api.free_lanes.';
