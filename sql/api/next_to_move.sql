-- In the order of their ids, which is that of time: a move that was broken off goes on by beginning again,
-- as what has been moved is not found any more. `after` leaves out what could not be moved.
create function api.next_to_move(to_bucket boolean, after text)
returns table (
  id text, size bigint, sha256 text, content_type text,
  object_key text                   -- null: in chunks
)
language sql stable rows 1 security definer set search_path = pg_catalog, pg_temp as $$
  select b.id, b.size, encode(b.sha256, 'hex'), b.content_type, b.object_key from vidgen.blob b
  where b.id > next_to_move.after and b.job_id is not null
    and (b.object_key is null) = next_to_move.to_bucket
  order by b.id limit 1
$$;
comment on function api.next_to_move is 'The next file of a job that is not yet where it shall be; no row when all are.';
