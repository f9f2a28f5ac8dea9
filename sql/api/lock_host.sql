create function api.lock_host(host text) returns void language sql volatile as $$
  select pg_advisory_xact_lock(8671002, hashtext(lock_host.host))
$$;
comment on function api.lock_host is 'Until the end of the transaction no other starts deliveries to this host. See api.free_lanes.';
