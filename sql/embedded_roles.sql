-- Gives the embedded PostgreSQL an owner without the rights of a superuser, and a login for each process. It runs
-- before the server's first start, in single-user mode: nobody ever connects as the superuser.
-- Databases of earlier releases belong to the superuser, which may log in; here they change hands.
-- (This mode reads up to a semicolon with an empty line after it, so there is none inside.)
do $$
declare
  -- PostgreSQL calls its first superuser by this number. He keeps all his rights, whatever one says.
  superuser constant oid := 10;
  login text;
  change text;
begin
  foreach login in array '{vidgen_owner,vidgen_web,vidgen_worker,vidgen_operator}'::text[] loop
    if to_regrole(login) is null then
      execute format('create role %I', login);
    end if;
    execute format('alter role %I login password %L', login, current_setting('vidgen.password_' || login));
  end loop;
  -- For sql/roles.sql and "vidgen roles": an owner may hand out these roles, and /ops reads as the operator.
  grant vidgen_web, vidgen_worker, vidgen_operator to vidgen_owner with admin option;
  -- For metrics: the age of the oldest snapshot of any role.
  grant pg_read_all_stats to vidgen_owner;
  alter database vidgen owner to vidgen_owner;
  -- Only the owner makes something, be it a temporary table or a large object.
  revoke temporary on database vidgen from public;
  for change in
    select format('revoke execute on function %s from public', p.oid::regprocedure) from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in ('lo_creat', 'lo_create', 'lo_from_bytea')
  loop
    execute change;
  end loop;
  -- "reassign owned" refuses to take anything from this superuser.
  for change in
    with own_schema as (
      select n.oid, n.nspname, n.nspowner from pg_namespace n
      where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    )
    select format('alter schema %I owner to vidgen_owner', n.nspname)
    from own_schema n where n.nspowner = superuser
    union all
    select format('alter table %s owner to vidgen_owner', c.oid::regclass)
    from pg_class c join own_schema n on n.oid = c.relnamespace
    where c.relowner = superuser and c.relkind in ('r', 'p', 'v', 'm', 'S')
      -- Sequences of columns go with their tables.
      and not (c.relkind = 'S' and exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
          and d.deptype in ('a', 'i')))
    union all
    select format('alter routine %s owner to vidgen_owner', p.oid::regprocedure)
    from pg_proc p join own_schema n on n.oid = p.pronamespace
    where p.proowner = superuser
    union all
    select format('alter type %s owner to vidgen_owner', t.oid::regtype)
    from pg_type t join own_schema n on n.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where t.typowner = superuser and (t.typtype in ('d', 'e', 'r') or c.relkind = 'c')
  loop
    execute change;
  end loop;
  execute format('alter role %I nologin password null', superuser::regrole::text);
end $$;

