create function api.lanes_of_host() returns integer language sql immutable parallel safe as 'select 5';
comment on function api.lanes_of_host is 'How many deliveries go to a host at once. See api.free_lanes.';
