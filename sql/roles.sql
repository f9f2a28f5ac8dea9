-- Two roles, for who does not want every process to be the owner of the database:
--   vidgen_app       what "vidgen web" and "vidgen worker" need: the functions, the tables, the queue
--   vidgen_operator  the schema admin and nothing else
-- Run it as the owner, once, and again after each "vidgen migrate" (twice does no harm). "vidgen migrate"
-- and "vidgen start" still need the owner. Neither role can log in; give them to those who do:
--   create role web_1 login password '…' in role vidgen_app;

do $$
declare
  name text;
begin
  foreach name in array '{vidgen_app,vidgen_operator}'::text[] loop
    -- Roles belong to the whole server: another database of ours may have made them, even just now.
    begin
      execute format('create role %I nologin', name);
    exception when duplicate_object or unique_violation then
      null;
    end;
  end loop;
end $$;

grant usage on schema vidgen, api, graphile_worker to vidgen_app;
grant select, insert, update, delete on all tables in schema vidgen, graphile_worker to vidgen_app;
grant usage on all sequences in schema vidgen, graphile_worker to vidgen_app;
-- What was applied is for the owner to write.
revoke insert, update, delete on vidgen.migration, graphile_worker.migrations from vidgen_app;
-- No table is left to a role by itself: migrations to come are covered as well.
alter default privileges in schema vidgen, graphile_worker
  grant select, insert, update, delete on tables to vidgen_app;
alter default privileges in schema vidgen, graphile_worker grant usage on sequences to vidgen_app;

-- The queue's tables have row level security without a policy, which shuts out all but their owner.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'vidgen_app')
  loop
    execute format('create policy vidgen_app on graphile_worker.%I to vidgen_app using (true) with check (true)', name);
  end loop;
end $$;

-- The functions of admin run with the owner's rights (security definer), the views read with them.
grant usage on schema admin to vidgen_operator;
grant select on all tables in schema admin to vidgen_operator;
alter default privileges in schema admin grant select on tables to vidgen_operator;
