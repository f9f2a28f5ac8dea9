-- A living process is sending it now. No attempt takes longer than 15 s. One that has not ended after 30
-- s still waits for its record to be written, or never will have one; either way its receiver is done
-- with it.
create function api.is_under_way(delivery vidgen.delivery) returns boolean language sql stable parallel safe as $$
  select delivery.duration_ms is null and delivery.started_at > now() - interval '30 seconds'
    and exists (select from vidgen.process p where p.id = delivery.process_id)
$$;
comment on function api.is_under_way is 'Whether an attempt is being sent now.';
