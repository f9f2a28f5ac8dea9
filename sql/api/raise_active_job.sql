create function api.raise_active_job(active_job_id text) returns void language plpgsql as $$
begin
  raise sqlstate 'VG409' using detail = 'active_job_exists',
    message = 'This API key already has an active job. Wait for it to finish, or cancel it while it is PENDING.',
    hint = json_build_object('activeJobId', active_job_id);
end $$;
comment on function api.raise_active_job is 'Refuses a second active job of a key and names the first.';
