create function api.raise_upload_lost() returns void language plpgsql as $$
begin
  raise sqlstate 'VG500' using detail = 'upload_lost',
    message = 'The upload was lost on our side. Send it again.';
end $$;
comment on function api.raise_upload_lost is 'Refuses a file that was begun but is missing or incomplete.';
