create view admin.audit as
select a.at, a.role, a.application_name, a.client_address, a.action, a.subject, a.detail
from vidgen.audit a
order by a.id desc;
comment on view admin.audit is 'What operators have changed, latest first: who (role, program), from where, which function, what.';
