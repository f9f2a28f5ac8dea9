-- psql before 16 has no short list with descriptions: its \df+ starts with the source of each function.
create view admin.help as
select c.relname as name, 'view' as kind, null as arguments, obj_description(c.oid, 'pg_class') as description
from pg_class c where c.relnamespace = 'admin'::regnamespace and c.relkind = 'v'
union all
select p.proname, 'function', pg_get_function_arguments(p.oid), obj_description(p.oid, 'pg_proc')
from pg_proc p where p.pronamespace = 'admin'::regnamespace
order by kind desc, name;
comment on view admin.help is 'The views and functions for operators: what each one shows or does.';
