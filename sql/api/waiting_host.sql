create function api.waiting_host(job_id text) returns text language sql stable as $$
  select coalesce(
    (select h.host from vidgen.webhook h where h.host = w.host and h.held_back limit 1),
    (select h.host from vidgen.webhook h where h.api_key_id = w.api_key_id and h.held_back
      order by h.next_attempt_at limit 1))
  from vidgen.webhook w where w.job_id = waiting_host.job_id
$$;
comment on function api.waiting_host is 'A host whose deliveries are held back: that of this message, or another for which its key has some; else null. Part of end_delivery.';
