create view admin.migrations as
select m.name, m.applied_at from vidgen.migration m order by m.applied_at, m.name;
comment on view admin.migrations is 'What has been applied to this database, and when; "routines" means sql/api and sql/admin.';
