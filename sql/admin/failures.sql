create view admin.failures as
select j.error_message, count(*) as jobs, count(distinct j.api_key_id) as api_keys,
  -- Machines that failed and workers that died, as opposed to bad files.
  count(*) filter (where a.outcome is distinct from 'failed') as our_fault,
  min(j.finished_at) as first_at, max(j.finished_at) as last_at,
  (array_agg(j.id order by j.finished_at desc))[1] as latest_job,
  (array_agg(coalesce(a.detail, j.error_detail) order by j.finished_at desc))[1] as latest_detail
from vidgen.job j
left join vidgen.attempt a on a.job_id = j.id and a.attempt = j.attempt
where j.status = 'FAILED' and j.finished_at > now() - interval '24 hours'
group by j.error_message
order by count(*) desc, max(j.finished_at) desc;
comment on view admin.failures is 'Why jobs failed in the last 24 hours, most frequent first: the caller''s message, how many, the latest and its cause.';
