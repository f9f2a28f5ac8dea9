import { sql } from 'kysely';
import { call } from '../../src/postgres/call.ts';
import type { Db } from '../../src/postgres/db.ts';
import { rendererNumber } from '../../src/video_options.ts';

/** A worker as SQL sees it: moves jobs as a real one would, without rendering anything. */
export async function workerOn(db: Db) {
  const row = await db.first(sql<{ id: number }>`
    insert into vidgen.process (kind, host, pid, beat_at)
    values ('worker', 'test', 1, now() + interval '1 day') returning id`);
  const processId = row?.id as number;
  return {
    processId,
    claim: (jobId: string, renderer = rendererNumber) =>
      call(db, 'claim_job', { job_id: jobId, process_id: processId, is_alone: true, renderer }),
    progress: (jobId: string, percent: number, attempt = 1) =>
      call(db, 'set_progress', { job_id: jobId, attempt, percent }),
    complete: (jobId: string, publicUrl: string, attempt = 1, facts = {}, video?: string) =>
      completeJob(db, processId, { jobId, publicUrl, attempt, facts, video }),
    fail: (jobId: string, message: string, attempt = 1) =>
      call(db, 'fail_job', { job_id: jobId, attempt, error_message: message }),
    /** The worker dies: its jobs go back to the queue. */
    die: () => call(db, 'bury_process', { process_id: processId, why: 'worker died' }),
  };
}

/** Completes a job with a video and a poster that are only rows, or with a video that is stored already. */
export async function completeJob(
  db: Db,
  processId: number,
  job: { jobId: string; attempt: number; publicUrl: string; facts?: object; video?: string },
) {
  return call(db, 'complete_job', {
    job_id: job.jobId,
    attempt: job.attempt,
    video_blob_id: job.video ?? (await fileOf(db, processId)),
    poster_blob_id: await fileOf(db, processId),
    audio_seconds: 1.5,
    render_seconds: 0.5,
    width: 640,
    height: 480,
    public_url: job.publicUrl,
    facts: job.facts ?? {},
  });
}

/** A complete file without bytes that belongs to the process. Resolves with its id. */
export async function fileOf(db: Db, processId: number): Promise<string> {
  const made = await db.first(sql<{ id: string }>`
    insert into vidgen.blob (process_id, content_type, size, sha256)
    values (${processId}, 'video/mp4', 0, sha256('')) returning id`);
  return made?.id as string;
}
