-- Three roles, for installations where not every process should own the database:
--   vidgen_web       what "vidgen web" needs: the functions of api that processes call, and no table
--   vidgen_worker    the same for "vidgen worker", and the queue's schema: graphile-worker works there as that role
--   vidgen_operator  the schema admin and nothing else
-- Run this file as the owner, once, and again after each "vidgen migrate" (running it twice does no harm);
-- "vidgen roles --apply" does so. "vidgen migrate" and "vidgen start" still need the owner. No role can log in
-- until you let it:
--   alter role vidgen_web login password '…';

do $$
declare
  name text;
begin
  foreach name in array '{vidgen_web,vidgen_worker,vidgen_operator}'::text[] loop
    -- Looked up first: an owner without CREATEROLE can still grant to roles that exist.
    if to_regrole(name) is null then
      -- Roles belong to the whole server: another VidGen database may have created them just now.
      begin
        execute format('create role %I nologin', name);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
  end loop;
end $$;

-- Functions that processes call run with the owner's rights (security definer). Functions that only other
-- functions call run with the caller's rights, which do not reach into the schema vidgen.
grant usage on schema api to vidgen_web, vidgen_worker;
select admin.grant_rights();

-- The queue's tables. Only the owner writes which migrations were applied.
grant usage on schema graphile_worker to vidgen_worker;
grant select, insert, update, delete on all tables in schema graphile_worker to vidgen_worker;
grant usage on all sequences in schema graphile_worker to vidgen_worker;
revoke insert, update, delete on graphile_worker.migrations from vidgen_worker;
-- Default privileges cover tables of future migrations too.
alter default privileges in schema graphile_worker grant select, insert, update, delete on tables to vidgen_worker;
alter default privileges in schema graphile_worker grant usage on sequences to vidgen_worker;

-- The queue's tables have row level security without a policy, which shuts out everyone but their owner.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c
    where c.relnamespace = 'graphile_worker'::regnamespace and c.relkind = 'r' and c.relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'vidgen_worker')
  loop
    execute format(
      'create policy vidgen_worker on graphile_worker.%I to vidgen_worker using (true) with check (true)', name);
  end loop;
end $$;

-- The functions of admin run with the owner's rights (security definer), and the views read with them.
grant usage on schema admin to vidgen_operator;
grant select on all tables in schema admin to vidgen_operator;
alter default privileges in schema admin grant select on tables to vidgen_operator;
