create view admin.attempts as
select a.job_id, k.name as api_key, a.attempt, a.worker, a.started_at, a.ended_at, a.outcome, a.detail,
  round(extract(epoch from coalesce(a.ended_at, clock_timestamp()) - a.started_at), 1) as seconds,
  j.status as job_status
from vidgen.attempt a
join vidgen.job j on j.id = a.job_id
join vidgen.api_key k on k.id = j.api_key_id
-- Ordered by the primary key, so that "limit 20" reads 20 rows.
order by a.job_id desc, a.attempt desc;
comment on view admin.attempts is 'Each claim of a job by a worker, latest job first: which worker, how long, how it ended.';
