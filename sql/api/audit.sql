create function api.audit(action text, subject text default null, detail text default null)
returns void language sql volatile as $$
  insert into vidgen.audit (action, subject, detail) values (audit.action, audit.subject, audit.detail)
$$;
comment on function api.audit is 'Notes what an operator has changed. Part of the functions of admin.';
