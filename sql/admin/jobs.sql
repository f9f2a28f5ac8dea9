-- Ids sort by time. Latest first, by the primary key, so that "limit 20" reads 20 rows.
create view admin.jobs as
select j.id, j.status, k.name as api_key, date_trunc('second', clock_timestamp() - j.created_at) as age,
  j.progress, j.attempt, a.worker, j.audio_seconds, j.render_seconds,
  round((j.audio_seconds / nullif(j.render_seconds, 0))::numeric, 1) as real_time_factor,
  b.input_bytes, b.video_bytes, j.error_message, j.error_detail,
  j.created_at, j.started_at, j.finished_at, j.webhook_url,
  j.options, j.metadata, j.facts -> 'warnings' as warnings, j.facts -> 'checks' as checks,
  j.updated_at, a.detail as cause
from vidgen.job j
join vidgen.api_key k on k.id = j.api_key_id
left join vidgen.attempt a on a.job_id = j.id and a.attempt = j.attempt
cross join lateral (
  select sum(f.size) filter (where vidgen.is_input(f.kind))::bigint as input_bytes,
    sum(f.size) filter (where f.kind = 'video')::bigint as video_bytes
  from vidgen.blob f where f.job_id = j.id) b
order by j.id desc;
comment on view admin.jobs is 'All jobs, latest first. real_time_factor: seconds of audio for each second of rendering. cause: what the latest attempt failed of.';
