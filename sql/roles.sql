-- Two roles, for installations where not every process should own the database:
--   vidgen_app       what "vidgen web" and "vidgen worker" need: the functions, the tables, the queue
--   vidgen_operator  the schema admin and nothing else
-- Run this file as the owner, once, and again after each "vidgen migrate" (running it twice does no
-- harm). "vidgen migrate" and "vidgen start" still need the owner. Neither role can log in, so grant
-- them to roles that can:
--   create role web_1 login password '…' in role vidgen_app;

do $$
declare
  name text;
begin
  foreach name in array '{vidgen_app,vidgen_operator}'::text[] loop
    -- Roles belong to the whole server: another VidGen database may have created them, even just now.
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
-- Only the owner writes which migrations were applied.
revoke insert, update, delete on vidgen.migration, graphile_worker.migrations from vidgen_app;
-- Default privileges cover tables of future migrations too.
alter default privileges in schema vidgen, graphile_worker
  grant select, insert, update, delete on tables to vidgen_app;
alter default privileges in schema vidgen, graphile_worker grant usage on sequences to vidgen_app;

-- The queue's tables have row level security without a policy, which shuts out everyone but their owner.
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

-- The functions of admin run with the owner's rights (security definer), and the views read with them.
grant usage on schema admin to vidgen_operator;
grant select on all tables in schema admin to vidgen_operator;
alter default privileges in schema admin grant select on tables to vidgen_operator;
