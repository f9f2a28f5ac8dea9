-- A write has failed. The sweep may have removed its row already (it took the process for dead), and the
-- key may have passed through the trash before the last byte arrived, so the key goes there again.
create function api.give_up_object(object_key text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  delete from vidgen.blob b where b.object_key = give_up_object.object_key and b.job_id is null;
  insert into vidgen.blob_trash as t (object_key, unfinished)
    select give_up_object.object_key, true
    where not exists (select from vidgen.blob b where b.object_key = give_up_object.object_key)
    on conflict (object_key) do update set unfinished = true, taken = false, due_at = clock_timestamp();
end $$;
comment on function api.give_up_object is 'Removes a file whose write failed and marks its object for deletion.';
