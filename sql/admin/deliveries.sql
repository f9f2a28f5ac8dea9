create view admin.deliveries as
select d.job_id, k.name as api_key, w.url, d.attempt, d.started_at, d.duration_ms, d.status as response_status,
  case when d.duration_ms is null and not exists (select from vidgen.process p where p.id = d.process_id)
    then 'interrupted' else d.error_class end as error_class,
  d.error_message, w.status as webhook_status, w.next_attempt_at
from vidgen.delivery d
join vidgen.webhook w on w.job_id = d.job_id
join vidgen.job j on j.id = d.job_id
join vidgen.api_key k on k.id = j.api_key_id
order by d.started_at desc;
comment on view admin.deliveries is 'Each attempt to deliver a webhook, latest first: what the receiver answered, and what follows.';
