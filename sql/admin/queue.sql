-- Counted from the facts, not from the queue's rows: those come and go with retries, pauses and
-- held-back deliveries, but a job that waits is always PENDING.
create view admin.queue as
with active as (
  select j.status, j.created_at, s.is_fetched_now,
    case when s.is_fetched_now is not null then 'fetch_input' when j.is_moving then 'render_moving' else 'render' end as task
  from vidgen.job j cross join lateral (
    -- Null: the job has all its files. The same as api.to_fetch, which operators may not call.
    select bool_or(exists (select from vidgen.process p where p.id = s.process_id)) as is_fetched_now
    from vidgen.source s where s.job_id = j.id and j.status = 'PENDING'
      and not exists (select from vidgen.blob b where b.job_id = s.job_id and b.kind = s.kind)) s
  where j.status in ('PENDING', 'PROCESSING')
)
select t.task,
  count(*) filter (where j.status = 'PENDING') as waiting,
  count(*) filter (where j.status = 'PROCESSING') as running,
  0::bigint as scheduled,
  date_trunc('second', clock_timestamp() - min(j.created_at) filter (where j.status = 'PENDING')) as oldest,
  (select p.since from vidgen.queue_pause p) as paused_since
from (values ('render'), ('render_moving')) t (task)
left join active j on j.task = t.task
group by t.task
union all
select 'fetch_input',
  count(*) filter (where not j.is_fetched_now),
  count(*) filter (where j.is_fetched_now),
  0,
  date_trunc('second', clock_timestamp() - min(j.created_at) filter (where not j.is_fetched_now)),
  (select p.since from vidgen.queue_pause p)
from active j where j.task = 'fetch_input'
union all
select 'deliver_webhook',
  count(*) filter (where w.next_attempt_at <= clock_timestamp() and d.job_id is null),
  count(d.job_id),
  count(*) filter (where w.next_attempt_at > clock_timestamp() and d.job_id is null),
  date_trunc('second', clock_timestamp()
    - min(w.next_attempt_at) filter (where w.next_attempt_at <= clock_timestamp() and d.job_id is null)),
  null
from vidgen.webhook w
left join (
  -- The same as api.under_way, which operators may not call.
  select distinct u.job_id from vidgen.delivery u join vidgen.process p on p.id = u.process_id
  where u.duration_ms is null and u.started_at > now() - interval '30 seconds') d on d.job_id = w.job_id
where w.status = 'pending'
union all
select q.task_identifier,
  count(*) filter (where q.locked_at is null and q.run_at <= now()),
  count(q.locked_at),
  count(*) filter (where q.locked_at is null and q.run_at > now()),
  date_trunc('second', clock_timestamp() - min(q.run_at) filter (where q.locked_at is null and q.run_at <= now())),
  null
from graphile_worker.jobs q
-- A row that has had all its tries waits for nothing; api.tidy removes it.
where q.task_identifier not in ('fetch_input', 'render', 'render_moving', 'deliver_webhook') and (q.locked_at is not null or q.attempts < q.max_attempts)
group by q.task_identifier;
comment on view admin.queue is 'For each task: how many wait, run or are scheduled for later, how long the oldest has waited, and whether rendering is paused.';
