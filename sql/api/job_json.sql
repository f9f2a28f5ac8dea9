-- A job with all that is known about it. The first keys are those of the list, in its order.
create function api.job_json(job vidgen.job, public_url text, keep_videos interval)
returns json language sql stable as $$
  with input as (
    select api.job_input(job.id, job.facts) as files
  ), queue as (
    -- The jobs ahead of it in its lane: a handful of rows, by the index job_active.
    select count(*) as ahead from vidgen.job j
    where job.status = 'PENDING' and j.status = 'PENDING' and j.is_moving = job.is_moving
      and j.created_at < job.created_at
  ), video as (
    select b.* from vidgen.blob b where b.job_id = job.id and b.kind = 'video'
  )
  select api.with_metadata(
    -- Only there once it was set.
    case when job.share_expires_at is null then row_to_json(answer)
      else (left(row_to_json(answer)::text, -1) || ',"shareExpiresAt":"' || api.iso8601(job.share_expires_at) || '"}')::json
    end, job.metadata) from (
    select
      job.id as "id",
      job.status as "status",
      api.output_url(job, public_url) as "outputVideo",
      api.share_url(job, public_url) as "outputShareLink",
      job.error_message as "errorMessage",
      greatest(job.attempt - 1, 0) as "retries",
      api.iso8601(job.created_at) as "createdAt",
      api.iso8601(job.updated_at) as "updatedAt",
      job.webhook_url as "webhookUrl",
      job.progress as "progress",
      vidgen.flat_json(job.options) as "options",
      case when job.status = 'PENDING' then queue.ahead + 1 end as "queuePosition",
      case when job.status in ('PENDING', 'PROCESSING') then api.seconds_left(job) end
        as "estimatedSecondsLeft",
      array_to_json(array(
        select row_to_json(tried) from (
          select a.attempt as "attempt", api.iso8601(a.started_at) as "startedAt",
            api.iso8601(a.ended_at) as "endedAt", replace(a.outcome, ' ', '_') as "outcome"
          from vidgen.attempt a where a.job_id = job.id order by a.attempt
        ) tried)) as "attempts",
      array_to_json(array(
        select row_to_json(file) from (
          select s.kind || 'Url' as "field",
            case when b.id is not null then 'fetched' when p.id is not null then 'fetching' else 'waiting' end as "status",
            coalesce(b.size, case when p.id is not null then s.fetched_bytes end, 0) as "bytes",
            coalesce(b.size, case when p.id is not null then s.total_bytes end) as "totalBytes"
          from vidgen.source s
          left join vidgen.blob b on b.job_id = s.job_id and b.kind = s.kind
          left join vidgen.process p on p.id = s.process_id
          where s.job_id = job.id and job.status = 'PENDING' order by s.kind
        ) file)) as "fetches",
      (select row_to_json(seen) from (
        select
          (select row_to_json(f) from (select image ->> 'type' as "type", (image -> 'bytes')::bigint as "bytes",
            image ->> 'sha256' as "sha256", (image -> 'width')::integer as "width",
            (image -> 'height')::integer as "height") f where image is not null) as "image",
          (select row_to_json(f) from (select audio ->> 'type' as "type", (audio -> 'bytes')::bigint as "bytes",
            audio ->> 'sha256' as "sha256", audio ->> 'codec' as "codec",
            (audio -> 'sampleRate')::integer as "sampleRate", (audio -> 'channels')::integer as "channels",
            (audio -> 'seconds')::double precision as "seconds", (audio -> 'loudness')::double precision as "loudness",
            (audio -> 'truePeak')::double precision as "truePeak") f where audio is not null) as "audio",
          (select row_to_json(f) from (select captions ->> 'type' as "type",
            (captions -> 'bytes')::bigint as "bytes", captions ->> 'sha256' as "sha256") f
            where captions is not null) as "captions"
        from (select files -> 'image' as image, files -> 'audio' as audio, files -> 'captions' as captions) kind
      ) seen) as "input",
      (select row_to_json(made) from (
        select
          api.output_url(job, public_url) as "video",
          api.poster_url(job, public_url) as "poster",
          api.captions_url(job, public_url) as "captions",
          api.share_url(job, public_url) as "shareLink",
          video.size as "bytes", encode(video.sha256, 'hex') as "sha256",
          job.width as "width", job.height as "height", job.audio_seconds as "seconds",
          (job.facts -> 'output' -> 'loudness')::double precision as "loudness",
          (job.facts -> 'output' -> 'truePeak')::double precision as "truePeak",
          round((job.audio_seconds / nullif(job.render_seconds, 0))::numeric, 1)::double precision as "realTimeFactor",
          api.iso8601(greatest(video.created_at, job.finished_at) + keep_videos) as "expiresAt"
        from video where api.is_shown(job)
      ) made) as "output",
      coalesce(job.facts -> 'warnings', '[]') as "warnings",
      array_to_json(array(
        select row_to_json(checked) from (
          select c -> 'rule' as "rule", c -> 'wanted' as "wanted", c -> 'is' as "is", c -> 'ok' as "ok",
            c -> 'mend' as "mend"
          from jsonb_array_elements(job.facts -> 'checks') c
        ) checked)) as "checks",
      (select row_to_json(link) from (
        select
          public_url || '/api/status/' || job.id as "status",
          public_url || '/api/jobs/' || job.id || '/events' as "events",
          case when job.status in ('PENDING', 'PROCESSING')
            then public_url || '/api/jobs/' || job.id end as "cancel",
          case when job.status in ('FAILED', 'CANCELLED')
              and (exists (select from vidgen.blob b where b.job_id = job.id and vidgen.is_input(b.kind))
                or exists (select from vidgen.source s where s.job_id = job.id))
            then public_url || '/api/jobs/' || job.id || '/retry' end as "retry",
          case when job.webhook_url is not null
            then public_url || '/api/jobs/' || job.id || '/webhooks' end as "webhooks",
          api.share_url(job, public_url) as "share",
          public_url || '/#getJob' as "docs"
      ) link) as "links"
    from input, queue
  ) answer
$$;
comment on function api.job_json is 'A job as GET /api/jobs/:jobId answers it.';
