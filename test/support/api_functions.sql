-- The functions of api and admin that an application can call: not those that take or return a row of a table,
-- which only other functions have.
select n.nspname as schema, p.proname as name, obj_description(p.oid, 'pg_proc') as comment,
  p.proretset as is_set, p.prorows as rows, format_type(p.prorettype, null) as type,
  coalesce(a.arguments, '[]') as arguments
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
left join lateral (
  select jsonb_agg(jsonb_build_object(
      'name', u.name,
      'type', format_type(u.type, null),
      'isOutput', u.mode in ('o', 't'),
      'default', case when u.mode = 'i' then pg_get_function_arg_default(p.oid, u.place::integer) end)
    order by u.place) as arguments
  from unnest(
    coalesce(p.proallargtypes, p.proargtypes::oid[]),
    p.proargnames,
    coalesce(p.proargmodes, array_fill('i'::"char", array[p.pronargs::integer]))
  ) with ordinality as u (type, name, mode, place)) a on true
where n.nspname in ('api', 'admin')
  and not exists (select from unnest(array_append(p.proargtypes::oid[], p.prorettype)) t join pg_type c on c.oid = t where c.typtype = 'c')
order by n.nspname = 'admin', p.proname collate "C"
