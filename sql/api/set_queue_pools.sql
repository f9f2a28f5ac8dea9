create function api.set_queue_pools(process_id integer, pools text[]) returns void language sql volatile as $$
  update vidgen.process set queue_pools = pools where id = process_id
$$;
comment on function api.set_queue_pools is 'Notes which queue pools run in a process, so that the sweep can unlock their rows.';
