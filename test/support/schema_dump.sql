with tables as (
  select c.oid, c.relname, c.relpersistence, c.reloptions, obj_description(c.oid) as comment
  from pg_class c where c.relnamespace = 'vidgen'::regnamespace and c.relkind = 'r'
), lines as (
  select relname, 0 as part, 0 as place,
    format(E'\n-- %s\n%stable vidgen.%s%s', coalesce(comment, ''),
      case relpersistence when 'u' then 'unlogged ' else '' end, relname,
      coalesce(' with (' || array_to_string(reloptions, ', ') || ')', '')) as line
  from tables
  union all
  select t.relname, 1, a.attnum,
    format('  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case when a.attidentity <> '' then ' generated always as identity'
        else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end,
      coalesce('  -- ' || col_description(t.oid, a.attnum), ''))
  from tables t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
  union all
  select t.relname, 2, row_number() over (partition by t.oid order by c.contype, c.conname)::int,
    format('  constraint %s %s', c.conname, pg_get_constraintdef(c.oid))
  -- PostgreSQL 18 lists not-null as constraints; the columns above say it already.
  from tables t join pg_constraint c on c.conrelid = t.oid and c.contype <> 'n'
  union all
  select t.relname, 3, row_number() over (partition by t.oid order by i.indexrelid::regclass::text)::int,
    '  ' || pg_get_indexdef(i.indexrelid)
  from tables t join pg_index i on i.indrelid = t.oid
  where not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
  union all
  select t.relname, 4, row_number() over (partition by t.oid order by g.tgname)::int, '  ' || pg_get_triggerdef(g.oid)
  from tables t join pg_trigger g on g.tgrelid = t.oid and not g.tgisinternal
  union all
  select '~' || p.proname, 5, 0,
    format(E'\nfunction %s returns %s', p.oid::regprocedure, pg_get_function_result(p.oid))
  from pg_proc p where p.pronamespace = 'vidgen'::regnamespace
)
select line from lines order by relname collate "C", part, place
