-- When an attempt ends, the worker goes on with the next due message of the same host and key (api.next_in_lane).
create index webhook_of_receiver on vidgen.webhook (host, api_key_id, next_attempt_at) where status = 'pending';
