-- What can be said of a submission before its body is read: it repeats an earlier one
-- (Idempotency-Key within 24 h), or the key is busy. Only a first look: api.create_job decides.
create function api.check_submission(api_key_id text, idempotency_key text)
returns table (replayed_job_id text, active_job_id text) language sql stable rows 1 as $$
  select
    (select i.job_id from vidgen.idempotency_key i
      where i.api_key_id = check_submission.api_key_id and i.key = check_submission.idempotency_key
        and i.created_at > now() - interval '24 hours'),
    (select j.id from vidgen.job j
      where j.api_key_id = check_submission.api_key_id and j.status in ('PENDING', 'PROCESSING'))
$$;
comment on function api.check_submission is 'The job that a submission repeats, or the one that blocks it; nulls when it may go on.';
