-- Which process may call which function of api: what its code calls, and nothing else. "vidgen migrate" loads the
-- functions anew, and calls this in the same transaction; sql/roles.sql calls it when it has made the roles.
-- Functions that only other functions call run with their caller's rights, which reach no table, so they may stay
-- open. The views of admin read as their owner, but call functions as the role that reads the view.
create function admin.grant_rights() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- Its lease, the sweep, the files, metrics and doctor.
  shared constant text[] := '{
    applied_migrations, append_blob_chunk, beat, begin_blob, begin_object, count_workers, discard_blobs,
    finish_blob, finish_object, get_job_statuses, give_up_object, leave, measure_queue, measure_service,
    read_blob_chunk, register_process, stat_blob, store_blob, sweep}';
  web constant text[] := '{
    admit, admit_uncounted, cancel_job, check_submission, create_job, delete_video, find_media, find_share, get_job,
    get_job_status, list_caught, list_deliveries, list_jobs, open_catcher, redeliver_webhook, replay_job,
    retry_job, try_password, update_job}';
  worker constant text[] := '{
    add_queue_pool, attach_input, begin_delivery, begin_fetch, call_waiting, catch_webhook, claim_job,
    complete_job, delete_jobs, empty_trash, end_delivery, expire_inputs, expire_videos, fail_fetch, fail_job, holds_job,
    record_tidy, release_fetch, release_job, report_fetch, rest, seal_secrets, set_progress,
    take_trash, take_waiting, tidy, unknown_objects, unlock_lost_tasks, unsealed_secrets}';
  called record;
begin
  for called in
    select p.oid::regprocedure as signature from pg_proc p
    where p.pronamespace = 'api'::regnamespace and p.prosecdef
  loop
    execute format('revoke execute on function %s from public', called.signature);
  end loop;
  for called in
    select d.refobjid::regprocedure as signature, 'vidgen_operator' as role
    from pg_depend d
    join pg_rewrite w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class v on v.oid = w.ev_class and v.relnamespace = 'admin'::regnamespace
    join pg_proc p on p.oid = d.refobjid and d.refclassid = 'pg_proc'::regclass
    where p.pronamespace = 'api'::regnamespace and to_regrole('vidgen_operator') is not null
    union
    select p.oid::regprocedure, r.role
    from pg_proc p
    cross join (values ('vidgen_web', shared || web), ('vidgen_worker', shared || worker)) r (role, names)
    -- An installation without these roles has one user for everything.
    where p.pronamespace = 'api'::regnamespace and p.proname = any (r.names) and to_regrole(r.role) is not null
  loop
    execute format('grant execute on function %s to %I', called.signature, called.role);
  end loop;
end $$;
comment on function admin.grant_rights is 'Grants vidgen_web and vidgen_worker what their code calls. Part of vidgen migrate and of sql/roles.sql.';
