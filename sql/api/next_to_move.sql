-- In the order of ids, which is that of time. An interrupted move starts from the beginning, where files
-- that have moved are not found any more. `after` skips files that could not be moved.
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
comment on function api.next_to_move is 'The next file of a job that is not yet where it should be; no row when all are.';
