-- A try to open the page for operators. Wrong ones count against their client. Who has used up the tries of a
-- minute is refused even with the right password: otherwise guessing on would still find it.
create function api.try_password(
  client text,
  is_right boolean,
  tries_a_minute integer default 10,
  out is_admitted boolean,
  out wait_seconds integer          -- null: there are tries left
)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  minute constant interval := '1 minute';
  tried constant timestamptz := clock_timestamp();
begin
  if not is_right then
    insert into vidgen.rate_limit as r (client, policy, window_start, hits)
    values (try_password.client, 'passwords', tried, 1)
    on conflict (client, policy) do update set
      hits = case when r.window_start between tried - minute and tried + minute then r.hits else 0 end + 1,
      window_start = case when r.window_start between tried - minute and tried + minute then r.window_start else tried end
    where r.hits < tries_a_minute or r.window_start not between tried - minute and tried + minute;
  end if;
  select greatest(ceil(extract(epoch from r.window_start + minute - tried)), 1)::integer into wait_seconds
  from vidgen.rate_limit r
  where r.client = try_password.client and r.policy = 'passwords' and r.hits >= tries_a_minute
    and r.window_start between tried - minute and tried + minute;
  is_admitted := is_right and wait_seconds is null;
end $$;
comment on function api.try_password is 'GET /ops: whether this client may go on, and otherwise how long it must wait when it has guessed too often.';
